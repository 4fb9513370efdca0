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

/** The rows behind a batch's beginning, up to its end: `upTo` is bound before `after`. An author's statement is about the partitions, too. */
export function rowsOf({ key, after, work }: Batch): string {
  const only = work.statement === undefined || work.statement.only === true ? "ONLY " : "";
  const lower = after === null ? [] : [compare(key, ">", key.columns.length + 1)];
  return `${only}${quoteRelation(work.relation)} WHERE ${[...lower, compare(key, "<=", 1)].join(" AND ")}`;
}

/** The last of the next rows, found on the key's index: `more` is what else is selected, once. */
async function lastOf(session: Session, batch: Batch, more = "TRUE"): Promise<Cursor> {
  const { key, after, upTo, rows } = batch;
  const [row] = await session.query(
    `SELECT ${keyTexts(key)}, ${keyStands(key)}, ${more}
     FROM (SELECT ${keyList(key)} FROM ${rowsOf(batch)} ORDER BY ${keyList(key)} OFFSET ${rows - 1} LIMIT 1) s`,
    [...upTo, ...(after ?? [])],
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
  const { after, upTo, rows } = batch;
  const last = await lastOf(session, batch, told);
  if (last !== null) return { last, scanned: rows };
  const [rest] = await session.query<{ scanned: string }>(
    `SELECT pg_catalog.count(*)::text AS scanned, ${told} FROM ${rowsOf(batch)}`,
    [...upTo, ...(after ?? [])],
  );
  const scanned = Number(rest?.scanned ?? 0);
  return { last: scanned === 0 && upTo === whole.upTo ? null : upTo, scanned };
}

function statementOf({ relation, set, where, statement }: BackfillWork, range: string): string {
  if (statement === undefined) return `UPDATE ONLY ${quoteRelation(relation)} SET ${set} WHERE ${range} AND (${where})`;
  return `${statement.head} WHERE ${range} AND (${where}) ${statement.tail}`;
}

/** The statement that writes the rows of a batch, which end with `last`, and what is bound in it. */
export function updateOf({ key, after, work }: Batch, last: readonly string[]) {
  const of = work.statement?.alias ?? null;
  const lower = after === null ? [] : [compare(key, ">", key.columns.length + 1, of)];
  const range = [...lower, compare(key, "<=", 1, of)].join(" AND ");
  return { sql: statementOf(work, range), values: [...last, ...(after ?? [])] };
}

/**
 * Moves the next range in the caller's transaction. The UPDATE carries the guard itself: at READ COMMITTED a row that
 * another session changes meanwhile is judged again by what was committed, so nothing newer is overwritten.
 */
export async function backfillBatch(session: PostgresSession, batch: Batch): Promise<BatchResult> {
  const { last, scanned } = await bound(session, batch);
  if (last === null) return { last, scanned, changed: 0 };
  const { sql, values } = updateOf(batch, last);
  const changed = await session.change(sql, values);
  await judgeDeferred(session);
  return { last, scanned, changed };
}
