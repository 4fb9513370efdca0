import type { Column, Constraint, Index } from "./catalog.js";
import type { ObjectType } from "./detail/object.js";
import type { GateSetting } from "./directive.js";
import type { Finding } from "./finding.js";
import type { RelationName } from "./name.js";
import type { Step } from "./step.js";

/** An index or a constraint of a column that is renamed, which the swap, or what takes it back, gives another name. */
export interface Carried {
  readonly kind: "index" | "constraint";
  /** The name that it has before the one or the other. */
  readonly name: string;
  /** By the swap, or by what takes the swap back. */
  readonly needed: "swap" | "back";
  /** Which of the two columns it is about. */
  readonly side: "old" | "new";
  readonly columns: readonly string[];
  /** Statements that make it again. */
  readonly sql: readonly string[];
  /** What stands for it on the other column at that time, made like it; absent where nothing does. */
  readonly twin?: string;
}

/** A column or table that contract takes away; the gates ask whether anything still uses it. */
export interface Retired {
  readonly relation: RelationName;
  readonly column: string;
  /** The name it has between the swap and the drop. */
  readonly parked: string;
  /** The column that takes its place; null when none does. */
  readonly replacement: string | null;
  /**
   * The swap exchanges the names of the two columns: what is built on the new name before it goes with the parked one.
   */
  readonly exchanges: boolean;
  /**
   * Present, and true, where the swap gives the name `column` to a column of another type: what finds it by name, as
   * bodies of functions do, finds that one.
   */
  readonly retypes?: true;
  /** What notes who writes the column and not the one that takes its place; absent where nothing does. */
  readonly writers?: string;
  /** What must be there by its name; absent where the swap names none, or they are not known. */
  readonly carries?: readonly Carried[];
  /** MySQL and MariaDB: the table's columns when the plan was made, in order; absent where nothing is told by them. */
  readonly beside?: readonly string[];
  /** MySQL and MariaDB: the foreign keys that pointed at the column when the plan was made; absent where that is not known. */
  readonly pointedAt?: readonly string[];
}

/**
 * A new column that takes its values from an old one, where the one does not take the name of the other as in a rename:
 * the old one is not dropped while the new one is gone.
 */
export interface Side {
  readonly relation: RelationName;
  /** The new column until the swap, and from then on. */
  readonly column: string;
  readonly swapped: string;
  /** The old one until the swap, and from then on. */
  readonly kept: string;
  readonly parked: string;
  /** The old one's table, where it is another. */
  readonly keptIn?: RelationName;
  /** Other columns that the one or the other is computed from; absent for none. */
  readonly reads?: readonly string[];
}

/** A table that contract takes away, or gives another name. */
export interface RetiredTable {
  readonly relation: RelationName;
  /** The name it has between the swap and the drop; null where it has none. */
  readonly parked: string | null;
  /** The name that takes its place; null when none does. */
  readonly replacement: string | null;
  /** A view that shows it under the new name until the swap, and is dropped then; absent where there is none. */
  readonly standIn?: RelationName;
}

/** A name that the contract takes away from something, or gives to it. */
export interface FreedName {
  /** For comparing: a text of the planner's. */
  readonly key: string;
  /** For people: `public.t`. */
  readonly shown: string;
  /** It is free, or given, with the swap; else with the drop. */
  readonly swapped: boolean;
}

/** What a table that stays has, or has no more, with the contract of a change: until then it is as it was. */
export interface LateChange {
  readonly relation: RelationName;
  /** It is so with the swap; else with the drop. */
  readonly swapped: boolean;
  readonly constraints: readonly Constraint[];
  readonly indexes: readonly Index[];
  /** Names of the constraints that go. */
  readonly gone: readonly string[];
  /** Those of the constraints and indexes that only take the name: what they do to rows another one does before. */
  readonly renamed: readonly string[];
  readonly columns: readonly LateColumn[];
}

/** What a column asks, or gives, that it did not before. */
export type LateColumn = Pick<Column, "name"> & Partial<Pick<Column, "notNull" | "default" | "identity">>;

/**
 * Which statements about rows find another thing before a change of a table than behind it: "all" that read or write them,
 * all that "writes", those that bring rows in "omitting" a column, or "unlisted", without naming columns, or "positional", the same
 * where the columns are in the end at the places where they were, those that leave out rows which are forbidden, "ignoring" the error (MySQL, MariaDB), those that take away or change "keys" of rows, or those
 * that write rows of other tables, "pointing" at rows that come in.
 */
export type RowsMet = "all" | "writes" | "omitting" | "unlisted" | "positional" | "ignoring" | "keys" | "pointing";

/** Something that the contract changes, and that a statement about rows behind it would miss before. */
export interface LateForRows {
  readonly relation: RelationName;
  readonly met: RowsMet;
  /** The column that is omitted; null where it is about none. */
  readonly column: string | null;
  /** For people: `deletes from u`. */
  readonly change: string;
  /** It is done with the swap; else with the drop. */
  readonly swapped: boolean;
}

/** What a change has to itself while it is under way. */
export interface Claim {
  readonly relation: RelationName;
  /** A column; null for the whole table. */
  readonly name: string | null;
  /** For people: `renames a to b`. */
  readonly change: string;
  /**
   * Present, and true, where the column stays the column that it is, and only its constraints, default or indexes change:
   * another change of that sort may be under way beside it.
   */
  readonly keeps?: true;
  /**
   * Of one that keeps its column: present where the column's definition is changed, by one that says the "whole" of it again, or
   * in "part". What says the whole would undo a part, and another whole, that comes before its turn.
   */
  readonly defines?: "whole" | "part";
  /**
   * Present, and true, where only an index or a constraint gets another name: a later statement of the same file that gives
   * the table another one is not in its way.
   */
  readonly renames?: true;
  /**
   * Present, and true, where what is claimed for is taken away, as an index is: a later statement of the same file that
   * drops its column or table is not in its way.
   */
  readonly goes?: true;
  /**
   * Present, and true, where the column has a default for as long as this is under way, and is otherwise left alone: only
   * what defines the column or its default anew has to wait, or looks whether the column was left out.
   */
  readonly lends?: true;
  /**
   * Present, and true, where another column of an index is put in the place of this one's neighbour, which begins when no
   * other change is putting one in the place of this.
   */
  readonly shares?: true;
  /** Of one that shares: in what, for people, `the index i`; absent where that is not told. */
  readonly through?: string;
  /** Of one that shares: present, and true, where a rename of the other one may stand before it in the same file. */
  readonly together?: true;
  /**
   * Of one that shares: present, and true, where what is shared goes with this change. Nothing that puts another one in its
   * place begins before that; this change itself waits for none.
   */
  readonly drops?: true;
  /**
   * Present, and true, where only rows are written: a change that defines the column anew, with its name and type, may be
   * under way beside it.
   */
  readonly rows?: true;
  /**
   * Present, and true, where only rights are given or taken: nothing is in the way but what takes the place of the column or
   * the table with the rights that were there when it was made.
   */
  readonly rights?: true;
  /** Of a whole table: present, and true, where a view shows it under another name meanwhile, with the rights that it had. */
  readonly shown?: true;
  /** Present, and true, where the column or table only gets another name: until the swap its rows are found under both. */
  readonly called?: true;
}

/** Something that a migration makes, besides the tables that it creates: what is no table, or a new table's new name. */
export interface MadeObject {
  readonly object: ObjectType | "table";
  readonly name: RelationName;
  /** The table that a trigger, a policy or a rule hangs on; null for others, and where the statement does not say. */
  readonly on: RelationName | null;
}

/** An index that is built for a foreign key that has none. */
export interface KeyIndex {
  readonly relation: RelationName;
  readonly name: string;
}

/** What one migration becomes. */
export interface MigrationPlan {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  readonly steps: readonly Step[];
  readonly retires: readonly Retired[];
  /** New columns of changes of type, splits and merges; absent where there are none. */
  readonly sides?: readonly Side[];
  /** Absent where no table goes. */
  readonly retiredTables?: readonly RetiredTable[];
  /** What nothing else may change while this is under way, besides what `retires` says; absent where there is nothing. */
  readonly claims?: readonly Claim[];
  /** What it takes away or makes anew itself, as the gate `dependents` calls it: `view public.v`; absent where there is nothing. */
  readonly drops?: readonly string[];
  /** Names that its contract frees: nothing else can have them before; absent where there are none. */
  readonly frees?: readonly FreedName[];
  /** Names that its contract gives to something: nothing has them before; absent where there are none. */
  readonly gives?: readonly FreedName[];
  /** What tables that stay have with its contract, and not before; absent where there is nothing. */
  readonly changes?: readonly LateChange[];
  /** What rows that are written or read behind it wait for; absent where there is nothing. */
  readonly lateForRows?: readonly LateForRows[];
  /** Tables that it creates: no code knows them before its release is deployed. */
  readonly creates: readonly RelationName[];
  /** What else it makes that no code knows before its release is deployed; absent where there is nothing. */
  readonly makes?: readonly MadeObject[];
  /** New tables that it fills by queries: how large they are is not known before. Absent where there are none. */
  readonly fills?: readonly RelationName[];
  readonly gates: readonly GateSetting[];
  readonly findings: readonly Finding[];
  /** What a reviewer should know: what does not travel, what to deploy when. */
  readonly notes: readonly string[];
  /** What no rollback takes back: whole sentences, told once more behind one. Absent where it takes back all. */
  readonly leaves?: readonly string[];
  /** Indexes that it builds for foreign keys; absent for none. */
  readonly keyIndexes?: readonly KeyIndex[];
  /** Present, and true, where the database had it before zmigrate: nothing of it was run, and there are no steps. */
  readonly baseline?: true;
}

/** Why a change cannot be phased, at its place, and what to write instead. */
export interface PlanRefusal {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly reason: string;
  readonly help: string;
}
