import type { Catalog } from "../model/catalog.js";
import type { BatchSetting, GateSetting } from "../model/directive.js";
import type { RelationName } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import type { PhaseName } from "../model/phase.js";
import type { Claim, KeyIndex, Retired, RetiredTable, Side } from "../model/plan.js";
import type { RowPair } from "../model/row-pair.js";
import type { Step } from "../model/step.js";
import type { Behind } from "./code-states.js";
import type { Version } from "./engine.js";

/** What effects are derived from besides the operation. */
export interface EffectContext {
  readonly catalog: Catalog;
  /** The oldest that it may run on. */
  readonly version: Version;
  /** The newest, where a range is meant; absent when it is `version`. */
  readonly newestVersion?: Version;
  /** All operations of the statement, itself included: one ALTER TABLE takes the strongest of their locks at once. */
  readonly siblings?: readonly Operation[];
  /** How many routines deep the operation stands, where it is one of a body that is called; absent for none. */
  readonly callDepth?: number;
  /** The session's settings that are known, by name in lower case: `timezone` is `UTC`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The schema behind an operation. Without it all of a block is judged by the schema in front of the block (PostgreSQL). */
  readonly behind?: Behind;
}

/** One operation of a file, with what directives say of it. */
export interface FileOperation {
  readonly operation: Operation;
  readonly up: string | null;
  readonly down: string | null;
  readonly fill: string | null;
  /** The phase that the author's directive names for its statement; absent or null where there is none. */
  readonly phase?: PhaseName | null;
  /** `-- zmigrate:batch` before it; absent or null where there is none. */
  readonly batch?: BatchSetting | null;
  /** Where its statement begins: what begins at one place is of one statement. Absent where that is not known. */
  readonly statement?: number;
}

/** A table, or a view, that has its new name from the swap on, and until then is shown under it by a view. */
export interface StandIn {
  readonly view: RelationName;
  readonly of: RelationName;
}

/** What a strategy may know. */
export interface StrategyContext extends EffectContext {
  readonly migrationId: string;
  /** The whole statement that the operation stands in, as written, without its semicolon. */
  readonly statement: string;
  /** How many operations the statement holds; absent for one. What stands alone can be run as it is written. */
  readonly operationsInStatement?: number;
  /** Unique among the operations of the migration, from 1: step ids begin with it. */
  readonly ordinal: number;
  readonly batch: BatchSetting | null;
  /** The operation's table was created for this very release: no running code knows it, and nothing need be phased. */
  readonly newTable: boolean;
  /** Present, and true, where the operation is about something other than a table that no running code knows either. */
  readonly newObject?: true;
  /** Present, and true, where the database held no table when the run began: no code runs on it, whatever a statement does. */
  readonly newDatabase?: true;
  /** New tables that hold at most the rows that files write out; absent for none. */
  readonly unfilled?: readonly RelationName[];
  /** Present, and true, where rows are met one by one whatever the table's size: no statement over all of them will do. */
  readonly batchesOnly?: true;
  /** `-- zmigrate:up`, `down`, `fill` before this operation. */
  readonly up: string | null;
  readonly down: string | null;
  readonly fill: string | null;
  /** Present, and true, where a gate of the file asks who still writes what goes: see `Database.lastWriter`. */
  readonly watchesWriters?: true;
  /** The phase that the author's directive names for the statement; absent or null where it is split for them. */
  readonly phase?: PhaseName | null;
  /** All operations of the migration in order, this one included: what it adds is new to running code too. */
  readonly file: readonly FileOperation[];
  /** The catalog in front of the file: what the file has dropped by now is in use until its contract. Absent where it is not known. */
  readonly beforeFile?: Catalog;
  /** What earlier statements of the file give another name; absent for nothing. */
  readonly standIns?: readonly StandIn[];
}

/** What a strategy makes of an operation. */
export interface Phased {
  readonly steps: readonly Step[];
  readonly retires: readonly Retired[];
  readonly gates: readonly GateSetting[];
  readonly notes: readonly string[];
  /** What no rollback takes back: whole sentences, told once more behind one. Absent where it takes back all. */
  readonly leaves?: readonly string[];
  /** What nothing else may change while this is under way, besides what `retires` says. */
  readonly claims?: readonly Claim[];
  readonly sides?: readonly Side[];
  readonly retiredTables?: readonly RetiredTable[];
  /** What it takes away or makes anew itself, as `Database.dependents` calls it: nobody needs to wait for that. */
  readonly drops?: readonly string[];
  /** Its steps stand in the phase that the author names, whichever that is. */
  readonly anyPhase?: true;
  /** What can be tried on live rows before anything is changed. */
  readonly pairs?: readonly RowPair[];
  /** Something that the same file drops has the name of what this makes, and these steps know it: the one gives way to the other. */
  readonly takesOver?: true;
  /** Where the change itself stands, which takes the name that it gives: DDL in front only prepares it. Absent for the first step. */
  readonly itself?: Pick<Step, "phase" | "stage">;
  /** The step of the same file, by its id, in whose transaction these run: what this is about is only there from then on. */
  readonly joins?: string;
  /** Indexes that it builds for foreign keys, as the server would: see `Index.forKey`. Absent for none. */
  readonly keyIndexes?: readonly KeyIndex[];
}

/** What a strategy says besides its steps. */
export type Said = Partial<Pick<Phased, "notes" | "leaves">>;

/** What a strategy throws when there is no safe way; the planner adds the place. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly help: string;
  /** What it would need, and another migration may have for now: then this one waits. */
  readonly claims: readonly Claim[];
  constructor(reason: string, help: string, claims: readonly Claim[] = []) {
    super(reason);
    this.help = help;
    this.claims = claims;
  }
}
