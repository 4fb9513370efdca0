import type { Session } from "../engines/engine.js";
import type { OfBackfill, Worker } from "../journal/ranges.js";
import { workerName } from "../journal/ranges.js";
import type { BackfillRecord, RangeRecord } from "../journal/records.js";
import type { BackfillWork } from "../model/step.js";
import { type BackfillContext, isSame } from "./context.js";

/** Batches in a range: so much is one worker's before it asks again, and nobody else waits for. */
const BATCHES = 20;

/** What is left is split in so many ranges at least, so that workers come to their end together. */
const PARTS = 16;

/** The server finds the end of a range on an index, milliseconds. */
const CLAIM_MS = 60_000;

/** Rows of the next range. */
export function rangeRows({ rowsTotal, rowsDone }: BackfillRecord, batchRows: number): number {
  const part = Math.ceil(Math.max(0, rowsTotal - rowsDone) / PARTS);
  return Math.min(BATCHES * batchRows, Math.max(batchRows, part));
}

/** Who asks for a range, and of what. */
export interface Claimant {
  readonly worker: Worker;
  readonly work: BackfillWork;
  readonly of: OfBackfill;
  /** Rows of its next batch. */
  readonly rows: number;
  /** Rows a second of its former range. */
  readonly rate: number;
}

async function nextPart(
  { database, journal }: BackfillContext,
  session: Session,
  { worker, work, of, rows, rate }: Claimant,
  record: BackfillRecord,
): Promise<RangeRecord | null> {
  if (record.state === "done" || record.upper === null) return null;
  const { key, cursor, upper: upTo } = record;
  if (isSame(cursor, upTo)) return null;
  const open = await journal.ranges.open(session, of);
  const counts = { rowsDone: 0, rowsChanged: 0, batches: 0 };
  const range: RangeRecord = Object.freeze({
    ...of,
    ordinal: 1 + Math.max(0, ...open.map((r) => r.ordinal)),
    cursor,
    upper: await database.rangeEnd(session, { work, key, after: cursor, upTo, rows: rangeRows(record, rows) }),
    ...counts,
    rate,
    worker: workerName(worker),
  });
  await journal.ranges.give(session, range);
  await journal.extendBackfill(session, of, range.upper);
  return range;
}

/**
 * Leases a range: one whose worker is gone, else the next part of the table.
 *
 * @returns null where all is done or another worker's
 */
export async function claim(
  context: BackfillContext,
  session: Session,
  claimant: Claimant,
): Promise<RangeRecord | null> {
  const { database, journal, lockMs } = context;
  await database.begin(session, { lockMs, statementMs: CLAIM_MS });
  const { of, worker } = claimant;
  const record = await journal.lockBackfill(session, of);
  const isOurs = record !== null && (await journal.attempt(session, of.migrationId)) === context.attempt;
  const range = isOurs
    ? ((await journal.ranges.takeOver(session, of, worker)) ?? (await nextPart(context, session, claimant, record)))
    : null;
  await database.commit(session);
  return range;
}
