import type { Database, ErrorClass } from "../engines/engine.js";
import { WAYS_OUT } from "../engines/ways-out.js";
import { ZmigrateError } from "../errors.js";
import { Lost } from "./batch.js";
import { MapFailed } from "./code/call.js";
import { ChangedMeanwhile } from "./code/writer.js";
import type { BackfillContext } from "./context.js";

/** A batch that failed, or the asking for a range. */
export interface Failure {
  readonly stepId: string;
  readonly rows: number;
  /** How many there were in a row that a smaller batch does not mend, with this one. */
  readonly times: number;
  readonly error: unknown;
}

/** Failures in a row that a worker may have before the backfill stops. */
const PATIENCE = 12;

/** Times in a row that a row may fail where nothing but its COMMIT refuses it. */
const MOST_LOOKS = 3;

function stop(context: BackfillContext, { stepId, error }: Failure, reason: string): never {
  const way = WAYS_OUT[kindOf(context.database, error)];
  throw new ZmigrateError(
    "backfill-failed",
    { migration: context.migrationId, step: stepId, reason, ...(way === undefined ? {} : { way }) },
    { cause: error },
  );
}

/** What an error of a batch means: code that throws for some rows is as a value that the server refuses. */
function kindOf(database: Database, error: unknown): ErrorClass {
  if (error instanceof MapFailed) return "data";
  return error instanceof ChangedMeanwhile ? "serialization" : database.classify(error);
}

/** True where some row cannot be written as it is. */
export const isOfRows = (database: Database, error: unknown): boolean =>
  !(error instanceof Lost) && kindOf(database, error) === "data";

/** The one row that a batch held cannot be written as it is. */
export const isBadRow = ({ database }: BackfillContext, rows: number, error: unknown): boolean =>
  rows === 1 && isOfRows(database, error);

/**
 * A row that is not refused where it is looked at by itself, and again cannot be committed, is no longer tried: that has no
 * end by itself.
 *
 * @param row for people
 * @throws ZmigrateError backfill-failed
 */
export async function refuseEndless(
  context: BackfillContext,
  failure: Failure,
  row: () => Promise<string>,
): Promise<void> {
  if (failure.times <= MOST_LOOKS) return;
  const why = context.database.describe(failure.error);
  stop(context, failure, `the row with ${await row()} is refused when it commits: ${why}`);
}

const SHRINKING: ReadonlySet<ErrorClass> = new Set(["statement-timeout", "too-large", "data", "lock-timeout"]);

/** Fewer rows are what mends it. That comes to an end by itself: with one row. */
export const isMendedByFewer = ({ database }: BackfillContext, rows: number, error: unknown): boolean =>
  rows > 1 && !(error instanceof Lost) && SHRINKING.has(kindOf(database, error));

/** A batch of so many rows is larger than the server takes. */
export const isTooLarge = ({ database }: BackfillContext, error: unknown): boolean =>
  !(error instanceof Lost) && kindOf(database, error) === "too-large";

/** A batch was ended after its time: rows that cost as much may be near by. */
export const isTooSlow = ({ database }: BackfillContext, error: unknown): boolean =>
  !(error instanceof Lost) && kindOf(database, error) === "statement-timeout";

/** A lock was not to be had in time: somebody else holds it. */
export const isLocked = ({ database }: BackfillContext, error: unknown): boolean =>
  !(error instanceof Lost) && kindOf(database, error) === "lock-timeout";

/** By how much fewer rows are tried: one that waited, or was ended after its time, has held up others for as long. */
const SHARE: Partial<Record<ErrorClass, number>> = { data: 4, "statement-timeout": 10, "lock-timeout": 10 };

/**
 * How many rows to try next after an error.
 *
 * @throws ZmigrateError backfill-failed, when trying again cannot help
 */
export function rowsAfter(context: BackfillContext, failure: Failure): number {
  const { database } = context;
  const { error, rows, times } = failure;
  if (error instanceof Lost) return rows;
  const kind = kindOf(database, error);
  const fewer = Math.max(1, Math.floor(rows / (SHARE[kind] ?? 2)));
  if (isMendedByFewer(context, rows, error)) return fewer;
  const why = database.describe(error);
  if (times > PATIENCE) stop(context, failure, `${why} (${times} times in a row)`);
  if (kind === "deadlock" || kind === "serialization" || kind === "lock-timeout") return fewer;
  if (kind === "connection-lost") return rows;
  return stop(context, failure, why);
}
