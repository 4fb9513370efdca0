import type { BackfillWork } from "../../../model/step.js";
import type { Batch, BatchResult, Cursor, Session } from "../../engine.js";
import type { PostgresSession } from "../execute/session.js";
import { literal, quoteRelation } from "../names.js";
import { compare, cursorOf, keyList, keyStands, keyTexts, mustMove } from "./keys.js";
import { endOfWindow, isByPlace } from "./places.js";

/**
 * Dates and intervals as texts that read back; rows hidden by policies are an error and not silence. A COMMIT does not wait
 * for the disk: what a crash of the server takes back it takes back with its checkpoint, and the next batch begins there.
 */
export async function prepareBackfill(session: Session): Promise<void> {
  await session.query(
    "SET row_security = off; SET datestyle = 'ISO, YMD'; SET intervalstyle = 'postgres'; SET extra_float_digits = 1; SET synchronous_commit = off",
  );
}

/** Half a minute is more than a lease lasts, and than any batch needs between two statements. */
export async function endWhenStill(session: Session): Promise<void> {
  await session.query("SET idle_in_transaction_session_timeout = '30s'");
}

/**
 * Has deferred constraints, and triggers, judge what was written: at COMMIT they would end the transaction, and nothing
 * would tell which row it was. It stands behind all of a batch, so that a row may be repaired by another one of it.
 */
export async function judgeDeferred(session: Session): Promise<void> {
  await session.query("SET CONSTRAINTS ALL IMMEDIATE");
}

/** A batch, and the first row of the table where it begins in front of all rows. */
export interface Begun extends Batch {
  readonly first?: Cursor;
}

/**
 * A batch that is bounded below: without that, and without statistics, the planner takes it for a third of the table, and
 * reads the whole of it. Rows that come in front of the first one are behind the walk, as any that come behind its place.
 */
export async function begun(session: Session, batch: Batch): Promise<Begun> {
  const { key, after, work } = batch;
  if (after !== null || isByPlace(key)) return batch;
  const only = isOnly(work) ? "ONLY " : "";
  const [row] = await session.query(
    `SELECT ${keyTexts(key)} FROM ${only}${quoteRelation(work.relation)} ORDER BY ${keyList(key)} LIMIT 1`,
  );
  return { ...batch, first: cursorOf(key, row) };
}

/** An author's statement is about the partitions, too. */
const isOnly = ({ statement }: BackfillWork): boolean => statement === undefined || statement.only === true;

/** The condition on the key, its end bound from 1 on; see `boundsOf`. */
function rangeOf({ key, after, first = null }: Begun, of: string | null = null): string {
  const from = key.columns.length + 1;
  const lower = after !== null ? [compare(key, ">", from, of)] : first !== null ? [compare(key, ">=", from, of)] : [];
  return [...lower, compare(key, "<=", 1, of)].join(" AND ");
}

/** What is bound in the condition on the key. */
export const boundsOf = ({ after, first }: Begun, last: readonly string[]): readonly string[] => [
  ...last,
  ...(after ?? first ?? []),
];

/** The rows from a batch's beginning up to its end: `boundsOf` it is bound. */
export const rowsOf = (batch: Begun): string =>
  `${isOnly(batch.work) ? "ONLY " : ""}${quoteRelation(batch.work.relation)} WHERE ${rangeOf(batch)}`;

/** The last of the next rows, found on the key's index: `more` is what else is selected, once. */
async function lastOf(session: Session, batch: Batch, more = "TRUE"): Promise<Cursor> {
  const { key, after, upTo, rows } = batch;
  const [row] = await session.query(
    `SELECT ${keyTexts(key)}, ${keyStands(key)}, ${more}
     FROM (SELECT ${keyList(key)} FROM ${rowsOf(batch)} ORDER BY ${keyList(key)} OFFSET ${rows - 1} LIMIT 1) s`,
    boundsOf(batch, upTo),
  );
  mustMove(key, after, row);
  return cursorOf(key, row);
}

/** The part of a batch's range that has to be read for it. */
async function readFor(session: Session, batch: Batch): Promise<Batch> {
  if (!isByPlace(batch.key)) return batch;
  const { end } = await endOfWindow(session, { ...batch, relation: batch.work.relation });
  return { ...batch, upTo: end };
}

/** Where a range of many batches ends. */
export async function rangeEnd(session: Session, batch: Batch): Promise<readonly string[]> {
  const read = await readFor(session, batch);
  return (await lastOf(session, read)) ?? read.upTo;
}

/**
 * Where a batch ends. Tells our triggers at the same time that a backfill is writing: of what an author wrote they are
 * told nothing.
 */
function bound(session: Session, batch: Batch): Promise<{ last: Cursor; scanned: number }> {
  const { work } = batch;
  const mark = work.statement === undefined ? literal(quoteRelation(work.relation)) : "''";
  return batchEnd(session, batch, `pg_catalog.set_config('zmigrate.backfill', ${mark}, true)`);
}

/** Where a batch ends, the end of the whole where no row is behind it, and its rows; `told` is what else is selected, once. */
export async function batchEnd(
  session: Session,
  whole: Batch,
  told = "TRUE",
): Promise<{ last: Cursor; scanned: number }> {
  const batch = await readFor(session, whole);
  const { upTo, rows } = batch;
  const last = await lastOf(session, batch, told);
  if (last !== null) return { last, scanned: rows };
  const [rest] = await session.query<{ scanned: string }>(
    `SELECT pg_catalog.count(*)::text AS scanned, ${told} FROM ${rowsOf(batch)}`,
    boundsOf(batch, upTo),
  );
  const scanned = Number(rest?.scanned ?? 0);
  return { last: scanned === 0 && upTo === whole.upTo ? null : upTo, scanned };
}

function statementOf({ relation, set, where, statement }: BackfillWork, range: string): string {
  if (statement === undefined) return `UPDATE ONLY ${quoteRelation(relation)} SET ${set} WHERE ${range} AND (${where})`;
  return `${statement.head} WHERE ${range} AND (${where}) ${statement.tail}`;
}

/** The statement that writes the rows of a batch, which end with `last`, and what is bound in it. */
export function updateOf(batch: Begun, last: readonly string[]) {
  const { work } = batch;
  return { sql: statementOf(work, rangeOf(batch, work.statement?.alias)), values: boundsOf(batch, last) };
}

/**
 * Moves the next range in the caller's transaction. The UPDATE carries the guard itself: at READ COMMITTED a row that
 * another session changes meanwhile is judged again by what was committed, so nothing newer is overwritten.
 */
export async function backfillBatch(session: PostgresSession, batch: Batch): Promise<BatchResult> {
  const { last, scanned } = await bound(session, batch);
  if (last === null) return { last, scanned, changed: 0 };
  const { sql, values } = updateOf(await begun(session, batch), last);
  const changed = await session.change(sql, values);
  await judgeDeferred(session);
  return { last, scanned, changed };
}
