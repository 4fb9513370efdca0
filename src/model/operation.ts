import type { Lookup } from "./detail/data.js";
import type { PartitionBound, Partitioning } from "./detail/partition.js";
import type { TableOption } from "./detail/table.js";
import type { Execution } from "./execution.js";
import type { RelationName } from "./name.js";
import type { OperationDetail } from "./operation-detail.js";
import type { Span } from "./span.js";
import type { SyntaxProblem } from "./statement.js";

/** A column as a statement defines it. Texts are as written, without comments. */
export interface ColumnDefinition {
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  /** The default's expression, null when there is none (`DEFAULT NULL` is the text "NULL"). */
  readonly default: string | null;
  readonly collation: string | null;
  readonly characterSet: string | null;
  readonly generated: { readonly kind: "stored" | "virtual"; readonly expression: string } | null;
  readonly identity: "always" | "by default" | null;
  /** PostgreSQL's serial types and MySQL's AUTO_INCREMENT. */
  readonly autoIncrement: boolean;
  readonly primaryKey: boolean;
  readonly unique: boolean;
  /** The names that PRIMARY KEY and UNIQUE were given in the definition; absent when neither was. */
  readonly keyNames?: { readonly primaryKey: string | null; readonly unique: string | null };
  /** What stands behind those keys, ` DEFERRABLE INITIALLY DEFERRED`, or nothing (PostgreSQL); absent where it is nothing for both. */
  readonly deferrableKeys?: { readonly primaryKey: string; readonly unique: string };
  readonly checks: readonly {
    readonly name: string | null;
    readonly expression: string;
    /** Present, and false, for `NOT ENFORCED`. */
    readonly enforced?: boolean;
  }[];
  readonly references: ForeignKeyTarget | null;
  readonly comment: string | null;
  /** MySQL's `ON UPDATE CURRENT_TIMESTAMP`, as written. */
  readonly onUpdate: string | null;
  /** What else was written, in the order of the text; absent when nothing was. */
  readonly attributes?: readonly ColumnAttribute[];
  /** The whole definition as written, beginning with the name. */
  readonly text: string;
}

/** `INVISIBLE`, `COLUMN_FORMAT FIXED`, `STORAGE DISK`, `SRID 4326`, an explicit `NULL`. */
export interface ColumnAttribute {
  /** In upper case. */
  readonly name: string;
  /** Without its quotes; null for a word alone. */
  readonly value: string | null;
}

export interface ForeignKeyTarget {
  readonly constraint: string | null;
  readonly relation: RelationName;
  readonly columns: readonly string[];
  /** What follows the column list: `ON DELETE CASCADE`, `MATCH FULL`, `DEFERRABLE`, ... */
  readonly actions: string;
}

export interface TableConstraint {
  readonly kind: "primary-key" | "unique" | "check" | "foreign-key" | "exclusion" | "index" | "not-null";
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly references: ForeignKeyTarget | null;
  /** Present, and false, for `NOT ENFORCED`. */
  readonly enforced?: boolean;
  /** MySQL, of a CHECK without a name: how many columns stand before it; absent when all do. Names are given in the order of the text. */
  readonly behind?: number;
  /** The constraint as written. */
  readonly text: string;
}

/** One element of an index: a column or an expression. */
export interface IndexKey {
  readonly column: string | null;
  /** The element as written: expression, collation, operator class, prefix length, order. */
  readonly text: string;
}

interface OperationBase {
  readonly span: Span;
  /** How the statement asks to be carried out (MySQL, MariaDB); absent when it does not say. */
  readonly execution?: Execution;
  /** Present, and true, for PostgreSQL's `ONLY`: partitions and children are left alone. */
  readonly only?: boolean;
  /** Present, and true, for `ALTER TABLE IF EXISTS`. */
  readonly ifTableExists?: boolean;
}

export interface CreateTable extends OperationBase {
  readonly kind: "create-table";
  readonly relation: RelationName;
  readonly ifNotExists: boolean;
  readonly temporary: boolean;
  /** PostgreSQL, present and true for `ON COMMIT DROP`: it is gone with its transaction. */
  readonly untilCommit?: boolean;
  readonly columns: readonly ColumnDefinition[];
  readonly constraints: readonly TableConstraint[];
  /** The forms whose columns or locks come from elsewhere; "plain" has its columns in the text. */
  readonly form: "plain" | "like" | "as" | "partition-of" | "inherits" | "of-type";
  /** Partitioned by something. */
  readonly partitioned: boolean;
  /** Present, and true, for a LIKE of one table that copies all but foreign keys, and nothing beside it. */
  readonly copiesAll?: boolean;
  /** The relations that the form takes columns or locks from: parents, LIKE's table, what AS reads. */
  readonly sources?: readonly RelationName[];
  /** Of those, the parents of INHERITS (PostgreSQL); absent for none. */
  readonly inherits?: readonly RelationName[];
  /** MySQL's options behind the columns, in the order of the text; absent when there are none. */
  readonly options?: readonly TableOption[];
  /** How it is partitioned; absent when it is not, or where only `partitioned` is known. */
  readonly partitioning?: Partitioning;
  /** Of a partition, which rows are its; absent for any other form. */
  readonly bound?: PartitionBound;
  /** Present, and false, for `AS ... WITH NO DATA`, and for a query that ends in `LIMIT 0` (MySQL, MariaDB). */
  readonly withData?: boolean;
  /** PostgreSQL, of which columns AS makes the table, in order; absent where that is not told, or there is no AS. */
  readonly taken?: readonly TakenColumn[];
  /** MySQL, all that AS reads; absent where any of it is read in another way, or there is no AS. */
  readonly found?: readonly Lookup[];
}

/** A column of a table that is made of a query: of a type, or as the one of this name of these tables, which may be cast; `*` for all of them. */
export type TakenColumn = { readonly name: string } & (
  | { readonly type: string }
  | {
      readonly column: string;
      readonly of: readonly RelationName[];
      readonly type?: string;
      /** Those of `of` whose rows may be missing, at the right of LEFT JOIN (MySQL, MariaDB); absent for none. */
      readonly outer?: readonly RelationName[];
    }
);

export interface AddColumn extends OperationBase {
  readonly kind: "add-column";
  readonly relation: RelationName;
  readonly column: ColumnDefinition;
  readonly ifNotExists: boolean;
  /** MySQL: "first", or the column it goes behind. Null is at the end. */
  readonly position: "first" | { readonly after: string } | null;
}

export interface RenameColumn extends OperationBase {
  readonly kind: "rename-column";
  readonly relation: RelationName;
  readonly from: string;
  readonly to: string;
}

export interface CreateIndex extends OperationBase {
  readonly kind: "create-index";
  readonly relation: RelationName;
  readonly name: string | null;
  readonly unique: boolean;
  readonly concurrently: boolean;
  readonly ifNotExists: boolean;
  readonly keys: readonly IndexKey[];
  /** btree, gin, fulltext, spatial, ...; null when not said. */
  readonly method: string | null;
  /** The predicate of a partial index. */
  readonly where: string | null;
  /** What stands behind the table's name, e.g. `USING gin (a) WHERE b`, or `(a, b) COMMENT 'x'`. */
  readonly definition: string;
  /** PostgreSQL's `ON ONLY`. */
  readonly only: boolean;
  /** PostgreSQL's words for the keys, of which it makes a name where none is written, and the names of partitions' indexes. */
  readonly nameParts?: readonly string[];
}

export interface DropColumn extends OperationBase {
  readonly kind: "drop-column";
  readonly relation: RelationName;
  readonly column: string;
  readonly ifExists: boolean;
  readonly cascade: boolean;
}

/** What is parsed, but has no effects and no strategy yet. It is a finding, never silence. */
export interface OtherOperation extends OperationBase {
  readonly kind: "other";
  /** A kebab-case name of the change: `alter-column-type`, `drop-table`, `update`. */
  readonly what: string;
  readonly relation: RelationName | null;
  /** True when it changes no schema and no data: SELECT, SET, BEGIN, SHOW. */
  readonly harmless: boolean;
  /** What it changes, where the whole statement was understood. The planner refuses it all the same. */
  readonly detail?: OperationDetail;
  /** Why there is no detail, and where that is seen; absent where it is not known, or there is one. */
  readonly misread?: SyntaxProblem;
}

/** One schema or data change found in a statement: a statement holds one or several. */
export type Operation = CreateTable | AddColumn | RenameColumn | CreateIndex | DropColumn | OtherOperation;

/** The kinds that have effects and a strategy. */
export type PlannableOperation = Exclude<Operation, OtherOperation>;
