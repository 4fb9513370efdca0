import type { BackfillKey, Session } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import type { OfBackfill } from "../journal/ranges.js";
import type { RangeRecord } from "../journal/records.js";
import type { RunEvent } from "../model/event.js";
import type { BackfillWork } from "../model/step.js";
import { Lost } from "./batch.js";
import { MapFailed } from "./code/call.js";
import { type BackfillContext, isSame } from "./context.js";
import { isOfRows } from "./failed.js";
import { whileLeased } from "./lease.js";
import type { BatchWriter, WriteBatch } from "./writer.js";

/** A row that the database has refused, when a batch held it alone. */
export interface BadRow {
  readonly work: BackfillWork;
  readonly key: BackfillKey;
  /** The row is the first behind its cursor. */
  readonly range: RangeRecord;
  readonly writer: BatchWriter;
}

const verdictOn = (work: BackfillWork, error: unknown): string => {
  if (error instanceof MapFailed) return "cannot be computed";
  return work.statement === undefined ? "cannot be converted" : "is refused";
};

/** The row with a key, for people: `id = 7`. */
export const named = ({ columns }: BackfillKey, key: readonly string[]): string =>
  columns.map((column, n) => `${column} = ${key[n]}`).join(", ");

/** What was made ready for the row, or why it cannot be. */
type Prepared = WriteBatch | { readonly error: unknown };

/** Before the transaction, as of any batch. */
async function prepared(
  { database, journal }: BackfillContext,
  session: Session,
  { work, key, range, writer }: BadRow,
): Promise<Prepared> {
  const batch = { work, key, after: range.cursor, upTo: range.upper, rows: 1 };
  try {
    return await whileLeased(journal, session, range, () => writer.prepare(session, batch));
  } catch (error) {
    if (!isOfRows(database, error)) throw error;
    return { error };
  }
}

/** Why the row is refused; null where it was taken. @throws Lost where another row was, ChangedMeanwhile where it has changed */
async function refusalOf(
  { database }: BackfillContext,
  session: Session,
  write: Prepared,
  { writer, row }: { readonly writer: BatchWriter; readonly row: readonly string[] },
): Promise<{ readonly error: unknown } | null> {
  if (typeof write !== "function") {
    await writer.lockAsRead(session);
    return write;
  }
  await session.query("SAVEPOINT zmigrate_row");
  try {
    const { last } = await write(session);
    if (!isSame(last, row)) throw new Lost();
    return null;
  } catch (error) {
    if (!isOfRows(database, error)) throw error;
    await session.query("ROLLBACK TO SAVEPOINT zmigrate_row");
    return { error };
  }
}

/**
 * Tries the row once more, since somebody may have mended or deleted it, and passes over it where it is refused again, as
 * long as no more are bad than the run allows: it is noted, stays as it is, and a verification counts it.
 *
 * @returns the range behind it; null where that was its last row
 * @throws ZmigrateError backfill-failed, with the row's key, where no more may be bad
 * @throws Lost where the range is another worker's by now, or the row another one
 * @throws ChangedMeanwhile where code could not compute the row as it was, and it is another by now
 */
export async function passOver(context: BackfillContext, session: Session, bad: BadRow): Promise<RangeRecord | null> {
  const { database, journal, lockMs } = context;
  const { work, key, range, writer } = bad;
  const first = () => database.rangeEnd(session, { work, key, after: range.cursor, upTo: range.upper, rows: 1 });
  const row = await first();
  const write = await prepared(context, session, bad);
  await database.begin(session, { lockMs, statementMs: 0 });
  const now = await journal.ranges.lock(session, range);
  if (now === null || !isSame(now.cursor, range.cursor)) throw new Lost();
  if (!isSame(await first(), row)) throw new Lost();
  const refused = await refusalOf(context, session, write, { writer, row });
  if (refused !== null && !isSame(await first(), row)) throw new Lost();
  const told =
    refused === null ? null : await noteBad(context, session, { work, key, of: range, row, error: refused.error });
  const changed = refused === null ? 1 : 0;
  const next = { ...range, cursor: row, rowsDone: range.rowsDone + 1, rowsChanged: range.rowsChanged + changed };
  const isLast = isSame(row, range.upper);
  await (isLast ? journal.ranges.finish(session, next, 1) : journal.ranges.advance(session, next));
  await database.commit(session);
  if (told !== null) context.emit(told);
  return isLast ? null : next;
}

/** What is told of a row that was passed over. */
export type BadRowEvent = Extract<RunEvent, { readonly event: "bad-row" }>;

/** A row that was refused, and why. */
interface Refused {
  readonly work: BackfillWork;
  readonly key: BackfillKey;
  readonly of: OfBackfill;
  readonly row: readonly string[];
  readonly error: unknown;
}

/** How many rows were passed over. Two workers do not count at the same time. */
async function counted({ journal }: BackfillContext, session: Session, of: OfBackfill): Promise<number> {
  await journal.lockBackfill(session, of);
  return journal.badRows.count(session, of);
}

/** True where no more rows may be passed over. */
export const isFull = async (context: BackfillContext, session: Session, of: OfBackfill): Promise<boolean> =>
  (await counted(context, session, of)) >= context.maxBadRows;

/**
 * Notes a row that is passed over, in the transaction of the caller.
 *
 * @returns what is to be told when that is committed
 * @throws ZmigrateError backfill-failed, where no more may be
 */
export async function noteBad(
  context: BackfillContext,
  session: Session,
  { work, key, of, row, error }: Refused,
): Promise<BadRowEvent> {
  const { database, journal, migrationId: migration, maxBadRows } = context;
  const { stepId: step } = of;
  const reason = database.describe(error);
  const shown = named(key, row);
  const known = await counted(context, session, of);
  if (known >= maxBadRows)
    throw new ZmigrateError(
      "backfill-failed",
      { migration, step, reason: `the row with ${shown} ${verdictOn(work, error)}: ${reason}` },
      { cause: error },
    );
  await journal.badRows.add(session, of, { ordinal: known + 1, key: shown, reason });
  return { event: "bad-row", migration, step, key: shown, why: reason };
}
