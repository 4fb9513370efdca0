import type { Cursor, Database, Session } from "../engines/engine.js";
import type { Journal } from "../journal/journal.js";
import type { BackfillCode } from "../model/backfill-code.js";
import type { Emit } from "../model/event.js";
import type { Throttle } from "../throttle/throttle.js";

/** What a backfill or a verification runs with. */
export interface BackfillContext {
  readonly database: Database;
  readonly journal: Journal;
  readonly migrationId: string;
  /** Which beginning of the migration the work is of: a worker of a former one writes nothing of the present one. */
  readonly attempt: string | null;
  /** Tells this process from others that work on the same backfill. */
  readonly run: string;
  /** True in the process that holds the runner's lock, and ends the backfill; others help it. */
  readonly runner: boolean;
  /** How many batches run beside each other in this process. */
  readonly workers: number;
  readonly throttle: Throttle;
  /** Aborted when the run is to stop at the next batch. */
  readonly signal: AbortSignal;
  readonly emit: Emit;
  /** A batch's aim, milliseconds. */
  readonly targetMs: number;
  /** What a person has asked a batch to take from another terminal, milliseconds; null, or absent, for nothing. */
  readonly askedMs?: () => number | null;
  /** How long a batch waits for a row that somebody holds, milliseconds. */
  readonly lockMs: number;
  /** How long a throttle may stop the backfill in one go, milliseconds. */
  readonly pauseBudgetMs: number;
  /** Rows that the database may refuse before the backfill stops; they are noted and passed over. */
  readonly maxBadRows: number;
  /** What computes the values of a backfill in TypeScript; absent for all others. */
  readonly code?: BackfillCode;
  /** Rows a second that all workers, in all processes, may walk together; absent, or 0, is no limit. */
  readonly maxRate?: number;
  /** Replicas that were named: the first may be read in the primary's place. */
  readonly replicaUrls?: readonly string[];
  /** Rows that may differ when a verification ends. */
  readonly maxMismatches: number;
}

/** A session that batches may run on. */
export async function openForBatches(database: Database): Promise<Session> {
  const session = await database.open();
  await database.prepareBackfill(session);
  return session;
}

export const isSame = (a: Cursor, b: Cursor): boolean => JSON.stringify(a) === JSON.stringify(b);
