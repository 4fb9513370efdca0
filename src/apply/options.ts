import type { InFleet } from "../config/environments.js";
import type { Database, Engine } from "../engines/engine.js";
import type { Acceptance } from "../gates/accept.js";
import type { GateSettings } from "../gates/setting.js";
import type { Emit } from "../model/event.js";
import type { ExecOrder } from "../model/exec-order.js";
import type { Migration } from "../model/migration.js";
import type { PhaseName } from "../model/phase.js";
import type { ThrottleSetting } from "../throttle/setting.js";

/** What a run is told. Durations are milliseconds. */
export interface ApplyOptions {
  readonly engine: Engine;
  readonly database: Database;
  /** All migrations of the folder, in order. */
  readonly migrations: readonly Migration[];
  readonly release: string | null;
  /** Present, and true, where other databases come after this one before the release can be rolled out: see `endRelease`. */
  readonly partOfFleet?: true;
  /** The databases whose code is rolled out with this one's; absent, or null, where there are none. */
  readonly inFleet?: InFleet | null;
  /** Also the contract phase of migrations whose gates are open. */
  readonly contract: boolean;
  /** A run in which gates let nothing of a migration be contracted does not end with 0. */
  readonly requireContract?: boolean;
  /** What contract waits for besides; absent for nothing. */
  readonly gates?: GateSettings;
  /** Gates that are taken for open, and why. */
  readonly acceptGates?: Acceptance;
  /** Not beyond this phase. */
  readonly phase: PhaseName | null;
  /** Not beyond this migration. */
  readonly to: string | null;
  readonly replicaUrls: readonly string[];
  readonly maxLagMs: number;
  /** What a backfill waits for besides; absent for the signals that are on by default. */
  readonly throttle?: ThrottleSetting;
  readonly lockTimeoutMs: number;
  readonly lockWaitMs: number;
  /** How often a step that gets no lock is tried. */
  readonly lockRetries: number;
  readonly batchTargetMs: number;
  /** Batches of one backfill that run beside each other. */
  readonly workers: number;
  readonly pauseBudgetMs: number;
  /** Rows that the database may refuse before a backfill stops. */
  readonly maxBadRows: number;
  /** Rows a second that all workers of a backfill may walk together; absent, or 0, is no limit. */
  readonly maxRate?: number;
  /** Rows that may differ when a verification ends. */
  readonly maxMismatches: number;
  /** What becomes of a file that has not run and stands before one that has; absent: it is run. */
  readonly execOrder?: ExecOrder;
  readonly parkMs: number;
  readonly soakMs: number;
  /** Aborted to stop at the next batch or step. */
  readonly signal: AbortSignal;
  readonly emit: Emit;
}
