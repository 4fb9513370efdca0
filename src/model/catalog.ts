import type { ObjectType, TriggerShape, TypeAttribute } from "./detail/object.js";
import type { PartitionBound, PartitionDefinition } from "./detail/partition.js";
import type { PolicyShape } from "./detail/policy.js";
import type { RelationName } from "./name.js";

/** What is known of a database's schema at one moment. */
export interface Catalog {
  readonly source: "database" | "shadow" | "files";
  /** True when a table that is not listed does not exist; false when it may exist unseen (source "files"). */
  readonly complete: boolean;
  /** The schema that an unqualified name means (`public`; the database's name on MySQL). Null when unknown. */
  readonly defaultSchema: string | null;
  /** Whose SQL its texts are, and whose way of naming unnamed CHECKs; absent for PostgreSQL's. */
  readonly dialect?: "mysql" | "mariadb";
  /** True where tables are not told apart by case (MySQL's lower_case_table_names 1 and 2); all names are in lower case then. */
  readonly lowerCaseNames?: boolean;
  /** True where `Column.grants` are empty because the user may not see them (MySQL and MariaDB). */
  readonly columnGrantsHidden?: boolean;
  /** MySQL and MariaDB: the SQL modes of the server; absent where they are not known. */
  readonly sqlModes?: readonly string[];
  readonly tables: readonly Table[];
  /** Types of the application's own that are known; absent when nothing is known of any. */
  readonly types?: readonly UserType[];
  /** What is neither table, index nor type, as the server would make it anew; absent when that is not known. */
  readonly objects?: readonly StoredObject[];
  /** PostgreSQL: owners of what is not among the objects; absent when they are not known. */
  readonly owned?: readonly OwnedObject[];
}

/** Who owns something of which nothing else is known, and what is granted on it. */
export interface OwnedObject {
  readonly object: Extract<ObjectType, "aggregate" | "domain" | "publication" | "statistics" | "type">;
  readonly name: RelationName;
  /** Of an aggregate, as those of a routine. Null for everything else. */
  readonly parameters: readonly string[] | null;
  readonly owner: string;
  /** Without its owner's: `GRANT USAGE ON %object% TO "reader"`. */
  readonly grants: readonly string[];
}

/** Something that is no table, as the server prints it. What an extension brought is not among them, but the extension is. */
export interface StoredObject {
  readonly object: Extract<
    ObjectType,
    | "event"
    | "extension"
    | "function"
    | "materialized-view"
    | "policy"
    | "procedure"
    | "rule"
    | "schema"
    | "sequence"
    | "trigger"
    | "view"
  >;
  /** Without a schema where it has none, hangs on a table, or is MySQL's or MariaDB's. */
  readonly name: RelationName;
  /** The table that it hangs on. */
  readonly on: RelationName | null;
  /** Of a routine the names of its parameters' types (PostgreSQL): `int4`, `_text`, `mood`. Null for everything else. */
  readonly parameters: readonly string[] | null;
  /** Statements that make it as it is, in the place of what is there; null where there are none, or they cannot be read. */
  readonly restore: readonly string[] | null;
  readonly comment: string | null;
  /** The columns of a view, in order; empty for everything else. */
  readonly columns: readonly string[];
  /** PostgreSQL: privileges on it, without its owner's: `GRANT SELECT ON %object% TO "reader"`; absent when they are not known. */
  readonly grants?: readonly string[];
  /** MySQL and MariaDB: of a trigger, those that run behind it at the same time, in order; absent when they are not known. */
  readonly precedes?: readonly string[];
  /** PostgreSQL: the owner of what can be granted; absent when it is not known. */
  readonly owner?: string;
  /** PostgreSQL: of a view, the tables and views that its query names; absent for none, and for everything else. */
  readonly reads?: readonly RelationName[];
  /** PostgreSQL: of a materialized view; absent for everything else. */
  readonly indexes?: readonly Index[];
  /** Present, and true, once a statement that was replayed has dropped it. */
  readonly gone?: boolean;
}

/** What a database says of a domain. */
export interface DomainDetail {
  /** Its own constraints: `CHECK ((VALUE > 0))`. */
  readonly checks: readonly { readonly name: string; readonly definition: string }[];
}

/** A type that CREATE TYPE or CREATE DOMAIN made (PostgreSQL). */
export interface UserType {
  readonly relation: RelationName;
  readonly kind: "enum" | "domain" | "composite" | "range" | "base";
  /** Only of a domain: the type that it is over, as written. */
  readonly base: string | null;
  /** Of an enum that files made, its values; absent where they are not told. */
  readonly values?: readonly string[];
  /** Of a composite type that files made, its attributes; absent where they are not told. */
  readonly attributes?: readonly TypeAttribute[];
  /** Only of a domain: it has a CHECK or NOT NULL, its own or that of a domain that it is over. */
  readonly constrained: boolean;
  /** Only of a domain: what a column of it without a default gets, which may be that of the domain that it is over; absent where it is not known. */
  readonly default?: string | null;
  /** Only of a domain that a database has. */
  readonly domain?: DomainDetail;
}

export interface Table {
  readonly relation: RelationName;
  readonly columns: readonly Column[];
  readonly constraints: readonly Constraint[];
  readonly indexes: readonly Index[];
  /** Foreign keys of other tables (or of this one) that point here. */
  readonly referencedBy: readonly InboundReference[];
  /** What else names a column of this table. */
  readonly dependents: readonly Dependent[];
  /** Partitioned, a partition, or part of an inheritance tree. */
  readonly partitioned: boolean;
  /** PostgreSQL: the partitions and children directly below; absent when they are not known. */
  readonly partitions?: readonly PartitionOfTable[];
  /** PostgreSQL: the table that this one is a partition of; null for none, absent when it is not known. */
  readonly partitionOf?: RelationName | null;
  /** The columns that partitions go by; null where there are none, and on PostgreSQL where an expression is among them. Absent when it is not known. */
  readonly partitionKey?: readonly string[] | null;
  /** PostgreSQL: the expression that partitions go by, as files write it; absent for none, or where no file tells. */
  readonly partitionExpression?: string;
  /** MySQL and MariaDB: its partitions in their order, as files define them; absent where they are not known. */
  readonly partitionDefinitions?: readonly PartitionDefinition[];
  /** The planner's estimate; null when unknown. */
  readonly rows: number | null;
  readonly bytes: number | null;
  /** MySQL and MariaDB: the storage engine, `InnoDB`; absent when it is not known. */
  readonly engine?: string | null;
  /** MySQL: what columns have that say nothing; absent when it is not known. */
  readonly characterSet?: string | null;
  readonly collation?: string | null;
  /** PostgreSQL: rules on INSERT and UPDATE, which put other statements beside or in the place of a write. */
  readonly writeRules?: readonly string[];
  /** PostgreSQL: what publishes the table to logical replication; absent when it is not known. */
  readonly publications?: readonly Publication[];
  /** Privileges on the whole table, without its owner's: `GRANT SELECT ON %table% TO "reader"`; absent when they are not known. */
  readonly grants?: readonly string[];
  /** PostgreSQL: its owner, by the database or as the files made it; absent where neither says. */
  readonly owner?: string;
  /** PostgreSQL: what the files give on the whole table, a privilege and a role each: `SELECT app`; absent where they say nothing. */
  readonly rights?: readonly string[];
  readonly comment?: string | null;
  /** PostgreSQL: REPLICA IDENTITY as files set it, where it is no index; absent where they do not. */
  readonly replicaIdentity?: "full" | "nothing" | "default";
  /** PostgreSQL: whether files have last turned row security on or off, and FORCE of it; absent where they have done neither. */
  readonly rowSecurity?: boolean;
  readonly forcedRowSecurity?: boolean;
  /** PostgreSQL: present, and true, where files made it UNLOGGED. */
  readonly unlogged?: boolean;
  /** Triggers of ours; absent when they are not known, or this user may not see them. */
  readonly helpers?: readonly HelperTrigger[];
  /**
   * PostgreSQL: storage parameters that are set (`fillfactor`, `toast.autovacuum_enabled`) and `REPLICA IDENTITY`, as a
   * change of an option says them; absent when they are not known.
   */
  readonly options?: readonly { readonly option: string; readonly value: string }[];
}

/** A trigger of ours as it stands. */
export interface HelperTrigger {
  readonly name: string;
  /** False where somebody has switched it off. */
  readonly fires: boolean;
  /**
   * What the columns of its condition are called by now, which the server knows by more than their names (PostgreSQL); null
   * where it goes by names alone.
   */
  readonly columns: readonly string[] | null;
}

/** A publication (PostgreSQL) that a table is in. */
export interface Publication {
  readonly name: string;
  /** It publishes UPDATEs, and the table has no replica identity: every UPDATE of it fails. */
  readonly unidentified: boolean;
}

/** A table directly below another one. */
export interface PartitionOfTable {
  readonly relation: RelationName;
  /** The DEFAULT partition, which is searched when another one is added. */
  readonly default: boolean;
  /** `FOR VALUES FROM (1) TO (2)`, as the server prints it; null for a child by INHERITS, absent when it is not known. */
  readonly bound?: string | null;
  /** Of one that files made (PostgreSQL), its bound; absent where it is not certain. */
  readonly written?: PartitionBound;
  /** What the bound says of a row, as the server prints a check of it; null for a child by INHERITS, absent when it is not known. */
  readonly proof?: string | null;
}

export interface Column {
  readonly name: string;
  /** The type as the engine prints it: `character varying(255)`, `varchar(255)`. */
  readonly type: string;
  readonly notNull: boolean;
  /** PostgreSQL: the name that its NOT NULL was given in its definition; absent where it was not, or it is not known. */
  readonly notNullName?: string;
  readonly default: string | null;
  /** The default may differ from row to row or call to call. Null when not known. */
  readonly defaultVolatile: boolean | null;
  /** Only when it is not the type's (or table's) own. */
  readonly collation: string | null;
  readonly characterSet: string | null;
  readonly generated: { readonly kind: "stored" | "virtual"; readonly expression: string } | null;
  readonly identity: "always" | "by default" | null;
  readonly autoIncrement: boolean;
  /** PostgreSQL: the sequence of a serial column whose default it is no longer, and which is there still; absent for none. */
  readonly leftSequence?: string;
  /** PostgreSQL: present, and true, where the sequence of a serial column, left or not, is nobody's by OWNED BY NONE. */
  readonly freeSequence?: true;
  readonly comment: string | null;
  readonly onUpdate: string | null;
  /**
   * True when two values that the engine calls equal are identical. False for types without equality (json, xml) and
   * for those whose equality forgives: citext, numeric's scale, case-insensitive collations.
   */
  readonly comparable: boolean;
  /** PostgreSQL: what its type says where it is a domain; null where it is none, absent when not known. */
  readonly domain?: DomainFacts | null;
  /** PostgreSQL: roles that may insert rows but not call a function that the default calls. */
  readonly defaultDenied?: readonly { readonly role: string; readonly routine: string }[];
  /** Engine-specific settings that travel with the column, as clauses: e.g. `SET STATISTICS 500`, `SET STORAGE EXTERNAL`. */
  readonly settings: readonly string[];
  /** Privileges granted on this column alone: e.g. `GRANT SELECT (%column%) ON %table% TO "reader"`. */
  readonly grants: readonly string[];
}

/** What a domain (PostgreSQL), or one that it is over, asks of a value. */
export interface DomainFacts {
  readonly notNull: boolean;
  readonly checked: boolean;
  /** What a column without a default of its own gets. */
  readonly default: string | null;
}

export interface Constraint {
  readonly kind: "primary-key" | "unique" | "check" | "foreign-key" | "exclusion" | "not-null";
  readonly name: string;
  readonly columns: readonly string[];
  /** As the engine prints it: `CHECK ((a > 0))`, `FOREIGN KEY (a) REFERENCES p(id) ON DELETE CASCADE`. */
  readonly definition: string;
  readonly validated: boolean;
  /** The index that carries it. */
  readonly index: string | null;
  readonly comment?: string | null;
}

export interface Index {
  readonly name: string;
  /** Columns used anywhere in it: keys, expressions, INCLUDE, predicate. */
  readonly columns: readonly string[];
  /** The whole statement as the engine prints it. */
  readonly definition: string;
  readonly unique: boolean;
  /** False for the leavings of a failed concurrent build. */
  readonly valid: boolean;
  /** The constraint it carries. */
  readonly constraint: string | null;
  readonly comment?: string | null;
  /** A backfill can walk the table by it; absent when only its columns tell: a predicate or DEFERRABLE are not known. */
  readonly walkable?: boolean;
  /**
   * MySQL, MariaDB: present, and true, where zmigrate has built it for a foreign key that had none, as the server itself would
   * have done. The server lets such an index of its own go when another one serves the key.
   */
  readonly forKey?: true;
  /** PostgreSQL: logical replication tells rows apart by it (REPLICA IDENTITY USING INDEX). */
  readonly replicaIdentity?: boolean;
  /** PostgreSQL: CLUSTER goes by it. */
  readonly clustered?: boolean;
  /** PostgreSQL: its columns, from 1, with a statistics target of their own. */
  readonly statistics?: readonly { readonly column: number; readonly target: number }[];
}

export interface InboundReference {
  readonly relation: RelationName;
  readonly constraint: string;
  /** Columns of this table that are pointed at. */
  readonly columns: readonly string[];
}

export interface Dependent {
  readonly kind:
    | "view"
    | "materialized-view"
    | "function"
    | "policy"
    | "publication"
    | "trigger"
    | "generated-column"
    | "rule"
    | "statistics"
    | "event";
  readonly name: string;
  /** MySQL and MariaDB, of a trigger: its own table, and what fires it; absent where it is not known. */
  readonly fires?: { readonly table: string; readonly event: string };
  /** Of a trigger that files made: when it fires; absent where it is not known. */
  readonly trigger?: TriggerShape;
  /** Present, and true, of a trigger that files have switched off, or to ENABLE REPLICA: what is written does not fire it (PostgreSQL). */
  readonly off?: true;
  /** Of a policy that files made: what it lets through; absent where it is not known. */
  readonly policy?: PolicyShape;
  readonly columns: readonly string[];
}
