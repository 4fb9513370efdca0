import type { BackfillKey, Session } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import type { RangeRecord } from "../journal/records.js";
import type { BackfillWork } from "../model/step.js";
import { Lost } from "./batch.js";
import { type BackfillContext, isSame } from "./context.js";

/** A row that the database refuses, found by halving batches until they held it alone. */
export interface BadRow {
  readonly work: BackfillWork;
  readonly key: BackfillKey;
  /** The row is the first behind its cursor. */
  readonly range: RangeRecord;
  readonly error: unknown;
}

const verdictOn = (work: BackfillWork): string => (work.statement === undefined ? "cannot be converted" : "is refused");

const named = ({ columns }: BackfillKey, key: readonly string[]): string =>
  columns.map((column, n) => `${column} = ${key[n]}`).join(", ");

/**
 * Notes the row and passes over it, as long as no more are bad than the run allows: it stays as it is, and a verification
 * counts it.
 *
 * @returns the range behind it; null where that was its last row
 * @throws ZmigrateError backfill-failed, with the row's key, where no more may be bad
 * @throws Lost where the range is another worker's by now
 */
export async function passOver(
  context: BackfillContext,
  session: Session,
  { work, key, range, error }: BadRow,
): Promise<RangeRecord | null> {
  const { database, journal, lockMs, migrationId: migration, maxBadRows } = context;
  const reason = database.describe(error);
  await database.begin(session, { lockMs, statementMs: 0 });
  const now = await journal.ranges.lock(session, range);
  if (now === null || !isSame(now.cursor, range.cursor)) throw new Lost();
  const bad = await database.rangeEnd(session, { work, key, after: range.cursor, upTo: range.upper, rows: 1 });
  const shown = named(key, bad);
  const known = await journal.badRows(session, range);
  if (!known.includes(shown)) {
    if (known.length >= maxBadRows)
      throw new ZmigrateError(
        "backfill-failed",
        { migration, step: range.stepId, reason: `the row with ${shown} ${verdictOn(work)}: ${reason}` },
        { cause: error },
      );
    await journal.badRow(session, range, shown, reason);
    context.emit({ event: "bad-row", migration, step: range.stepId, key: shown, why: reason });
  }
  const next = { ...range, cursor: bad, rowsDone: range.rowsDone + 1 };
  const isLast = isSame(bad, range.upper);
  await (isLast ? journal.ranges.finish(session, next, 1) : journal.ranges.advance(session, next));
  await database.commit(session);
  return isLast ? null : next;
}
