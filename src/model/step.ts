import type { Lock } from "./effect.js";
import type { RelationName } from "./name.js";
import type { OscTool } from "./osc.js";
import type { PhaseName } from "./phase.js";

/** How to tell from the catalog whether a step that does not commit with its journal row has run. */
export interface Probe {
  /** A query with one row and a column `state`: "done", "absent" or "half". */
  readonly sql: string;
  /** Run before the step is run again, when the state is "half". */
  readonly repair: readonly string[];
  /**
   * What the step makes, for people: `the table t`. Done before any run has begun it, it is somebody else's, and the step's
   * undo would take that away. Absent where it makes nothing that others could have made.
   */
  readonly makes?: string;
}

/** A statement that an author wrote, which a batch holds to its range: `head WHERE range AND (where) tail`. */
export interface WrittenChange {
  readonly verb: "insert" | "update" | "delete";
  /** The table that is written. */
  readonly into: RelationName;
  readonly head: string;
  /** What the statement calls the table that is walked, not quoted: `where` and the range stand behind it. */
  readonly alias: string;
  readonly tail: string;
  /** Present, and true, where it is about that table and not those that inherit from it (PostgreSQL). */
  readonly only?: true;
}

/** What a backfill in TypeScript reads and writes: its code makes the one of the other, outside of transactions. */
export interface CodeWork {
  readonly select: readonly string[];
  readonly update: readonly string[];
  /** How many calls of the code run beside each other. */
  readonly concurrency: number;
  /** MySQL and MariaDB: columns that the server would set to the present, and that stay as they are; absent for none. */
  readonly keeps?: readonly string[];
}

/** Data that a step moves in batches, over key ranges. Fragments are SQL of the step's engine, over columns of `relation`. */
export interface BackfillWork {
  readonly relation: RelationName;
  /** The SET list: `"b" = "a"`. */
  readonly set: string;
  /** Which rows still need it: `"b" IS DISTINCT FROM "a"`. */
  readonly where: string;
  /** Key columns that the author asked for; null lets the engine choose. */
  readonly key: readonly string[] | null;
  /** First batch's size; null lets the sizer choose. */
  readonly rows: number | null;
  /** A batch's aim in milliseconds; null takes the run's. */
  readonly targetMs: number | null;
  /**
   * What runs in the place of `UPDATE relation SET set`, where an author wrote it. It may not be repeatable: each row is
   * met once, and the triggers of the table take its writes for those of an application.
   */
  readonly statement?: WrittenChange;
  /**
   * Present where code computes what is written, row by row. `statement` is then one that writes the same columns of the
   * same rows, for whoever asks what that needs; it is never run.
   */
  readonly code?: CodeWork;
}

/** Rows that must not exist when a step is done. */
export interface VerifyWork {
  readonly relation: RelationName;
  /** True for a row whose two sides differ. */
  readonly mismatch: string;
  /** True for a row that differs only because the backfill has not reached it, where being NULL does not tell that. */
  readonly unfilled?: string;
  /**
   * Run over the whole table before mismatching rows count as a failure; absent where nothing can be done for them. A
   * row that differs and is not in its `where` holds something on both sides: no pass touches it, and it is a failure
   * at once.
   */
  readonly repair?: BackfillWork;
  /** The SET list by which the new side wins where both hold something; by `repair.set` the old one does. */
  readonly newWins?: string;
  /** Present, and true, where what is wrong with a row depends on the others: the table is read at once, not in batches. */
  readonly whole?: true;
  /**
   * PostgreSQL: true where the rows of partitions and children count as the table's own, false where they do not, whatever the
   * table has. Absent in plans of former versions, and where a table has none.
   */
  readonly below?: boolean;
  /** What is wrong with the rows where there are no two sides that could differ. */
  readonly violation?: {
    /** Behind "12 rows": `of public.t hold NULL in c`. */
    readonly rows: string;
    /** What to do about them: a sentence. */
    readonly help: string;
  };
}

/** A column that goes with its values when the step that added it is undone. */
export interface AddedColumn {
  readonly relation: RelationName;
  readonly column: string;
  /** True for a row whose value is not the one that the column was added with. */
  readonly written: string;
  /**
   * Why such a value need not be one that somebody wrote: the default is computed for each row, or the file fills the column.
   * Absent where nothing else can have given it.
   */
  readonly unsure?: "default" | "file";
  /**
   * The step whose triggers keep the column and what it is computed from equal; absent where none do. Once that is undone old
   * code goes on and the column does not follow: how they differ then says nothing.
   */
  readonly keptBy?: string;
  /** Present, and true, where the column stays, and what it is after the undo does not hold the value. */
  readonly stays?: true;
  /** What `written` is once another table's column, which it names, is parked. */
  readonly swapped?: { readonly relation: RelationName; readonly parked: string; readonly written: string };
}

/** What an undo asks of the rows that are there by then. */
export interface UndoNeeds {
  /**
   * Rows in its way, counted before anything is undone; columns by the names that they have before contract. Null where
   * only the undo itself tells.
   */
  readonly verify: VerifyWork | null;
  /** Run when it fails: what it has begun to make strict would stand in the way of every write. */
  readonly cleanup: readonly string[];
}

/** What goes again when a step fails: what an earlier one has made stops the application's writes for as long as it is there. */
export interface LetGo {
  /** The step that has made it, which is to be run again then. */
  readonly step: string;
  readonly sql: readonly string[];
}

/** A table below the one that a change is about, as a partition is, which others may add or take away at any time. */
export interface StepPart {
  /** What the steps of all parts make together, for comparing: a text of the planner's. */
  readonly of: string;
  readonly table: RelationName;
  /** What it is a part of. */
  readonly above: RelationName;
  /** A query whose first column is true for as long as it is: else the step has nothing to do. */
  readonly there: string;
}

/** A rebuild that another program carries out beside the table's readers and writers, by the one statement of the step. */
export interface ToolWork {
  readonly tool: OscTool;
  readonly relation: RelationName;
  /** As a shell takes it, for people. HOST, PORT and FILE stand for what only a run knows; it holds no password. */
  readonly command: string;
}

/** The unit of execution and of resume. Plain data: it is kept in the journal and run from there. */
export interface Step {
  /** Unique in its migration and stable: `1-add-column`. */
  readonly id: string;
  readonly phase: PhaseName;
  /** The kind of work. */
  readonly kind: "ddl" | "backfill" | "validate" | "verify";
  /**
   * Contract only: "swap" is what can still be undone, "drop" is what cannot. Each stage waits for gates of its own.
   * Null outside contract.
   */
  readonly stage: "swap" | "drop" | null;
  /** Statements in order. With `transaction` they commit together and with the journal's row. */
  readonly sql: readonly string[];
  /** Statements that take it back; empty when nothing is to be done or nothing can be. */
  readonly undo: readonly string[];
  /** True when all the statements of `undo` commit together. */
  readonly undoTransaction: boolean;
  /** It takes away what no statement brings back: a rollback is refused once it has run. */
  readonly final: boolean;
  readonly transaction: boolean;
  /** Its statements write rows and nothing else: they commit with the journal's row on every engine. */
  readonly rowsOnly?: true;
  /** MySQL: the statements go to the server in one packet on one connection, between LOCK TABLES and UNLOCK TABLES. */
  readonly atomicPacket: boolean;
  readonly locks: readonly Lock[];
  readonly rewrite: boolean;
  readonly scan: boolean;
  readonly evidence: "traced" | "server" | "rule";
  /** Index builds and validations run as long as they must. */
  readonly unlimited: boolean;
  readonly probe: Probe | null;
  readonly backfill: BackfillWork | null;
  readonly verify: VerifyWork | null;
  /** What the step adds and its undo takes away; absent where no value can be lost with it. */
  readonly adds?: AddedColumn;
  /** Present, and true, where the undo takes back a part only: what `MigrationPlan.leaves` says stays. */
  readonly undoLeaves?: true;
  /** Absent where the undo can be done whatever the rows are. */
  readonly undoNeeds?: UndoNeeds;
  /** Absent where nothing that is there by then stands in anybody's way. */
  readonly letGo?: LetGo;
  /** The part of a table that the step is about, where it has one for each. */
  readonly part?: StepPart;
  /** Present where not the server runs `sql`, but another program does what it says. */
  readonly tool?: ToolWork;
  /** Why the step is there: a sentence for a reviewer. */
  readonly reason: string;
}
