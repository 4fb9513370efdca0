import type { Batch, BatchResult, Cursor, Session } from "../../engine.js";
import { quoteRelation } from "../names.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { WRITING_ROWS } from "../server-mode.js";
import { markBackfill } from "../triggers/mark.js";
import { lastOf, nextRange, range } from "./keys.js";

/** Seconds that a batch, and what the journal is told between two of them, waits for a lock before it is tried again. */
const LOCK_SECONDS = 3;

/**
 * A range that the optimizer gives up on for want of memory would be a scan of the whole table (warning 3170): MySQL
 * gets no limit, MariaDB has none. Notes are no warnings. MySQL keeps how many rows a table has for a day, and not for us.
 */
export async function prepareBackfill(session: Session, dialect: MysqlDialect): Promise<void> {
  const own = dialect === "mysql" ? ", range_optimizer_max_mem_size = 0, information_schema_stats_expiry = 0" : "";
  const wait = `lock_wait_timeout = ${LOCK_SECONDS}, innodb_lock_wait_timeout = ${LOCK_SECONDS}`;
  await session.query(`${WRITING_ROWS}, ${wait}, foreign_key_checks = 1, sql_notes = 0${own}`);
}

/** MySQL has no timeout for transactions that stand still: this one is for sessions. */
export async function endWhenStill(session: Session): Promise<void> {
  await session.query("SET SESSION wait_timeout = 30");
}

interface Outcome {
  readonly changed: string;
  readonly warnings: string;
  readonly message: string | null;
  readonly code: string | null;
}

/**
 * GET DIAGNOSTICS is the only statement that reads counts and warnings of the statement before without losing them. A
 * first warning that does not exist leaves the variables of the last time, which the count tells.
 */
const DIAGNOSE = `GET DIAGNOSTICS @zmigrate_changed = ROW_COUNT, @zmigrate_warnings = NUMBER;
  GET DIAGNOSTICS CONDITION 1 @zmigrate_message = MESSAGE_TEXT, @zmigrate_code = MYSQL_ERRNO;
  SELECT @zmigrate_changed AS changed, @zmigrate_warnings AS warnings, @zmigrate_message AS message, @zmigrate_code AS code`;

/** What a statement changed. A warning is a value that did not fit, or a plan that is not the range: neither may pass. */
export async function changes(session: Session, sql: string): Promise<number> {
  const [outcome] = await session.query<Outcome>(`${sql};\n${DIAGNOSE}`);
  if (outcome === undefined) throw new Error("the server did not tell what an UPDATE changed");
  if (Number(outcome.warnings) > 0)
    throw Object.assign(new Error(outcome.message ?? "a warning"), { errno: Number(outcome.code), code: "WARNING" });
  return Math.max(0, Number(outcome.changed));
}

interface Warning {
  readonly Code: number | string;
  readonly Message: string;
}

/** What the servers say of a way of writing: nothing is wrong with the rows. */
const ABOUT_WRITING: ReadonlySet<number> = new Set([1287, 1681, 3719, 3720, 3778, 3779, 4079]);

/**
 * What an author's statement changed. Of its warnings only those about the way in which it is written may pass, and all
 * of them must be seen.
 */
async function changesAsWritten(session: Session, sql: string): Promise<number> {
  const warnings = await session.query<Warning>(
    `${sql};\n  GET DIAGNOSTICS @zmigrate_changed = ROW_COUNT, @zmigrate_warnings = NUMBER; SHOW WARNINGS`,
  );
  const wrong = warnings.find(({ Code }) => !ABOUT_WRITING.has(Number(Code)));
  if (wrong !== undefined)
    throw Object.assign(new Error(wrong.Message), { errno: Number(wrong.Code), code: "WARNING" });
  const [outcome] = await session.query<{ changed: string; warnings: string }>(
    "SELECT @zmigrate_changed AS changed, @zmigrate_warnings AS warnings",
  );
  if (outcome === undefined || Number(outcome.warnings) > warnings.length)
    throw new Error(`only ${warnings.length} of ${outcome?.warnings ?? "its"} warnings of the statement can be read`);
  return Math.max(0, Number(outcome.changed));
}

/** The statement that writes the rows of a batch, which end with `last`. */
export function updateOf({ key, after, work }: Batch, last: readonly string[]): string {
  const { relation, set, where, statement } = work;
  if (statement === undefined)
    return `UPDATE ${quoteRelation(relation)} SET ${set} WHERE ${range(key, after, last)} AND (${where})`;
  return `${statement.head} WHERE ${range(key, after, last, statement.alias)} AND (${where}) ${statement.tail}`;
}

/** Where a batch ends, the end of the whole where no row is behind it, and how many rows it has. */
export async function batchEnd(
  session: Session,
  { key, after, upTo, rows, work }: Batch,
): Promise<{ last: Cursor; scanned: number }> {
  const { last, scanned } = await nextRange(session, { relation: work.relation, key, after, upTo, rows });
  return { last: last !== null && scanned < rows ? upTo : last, scanned };
}

/** Where a range of many batches ends, found on the key's index. */
export async function rangeEnd(session: Session, { key, after, upTo, rows, work }: Batch): Promise<readonly string[]> {
  return (await lastOf(session, { relation: work.relation, key, after, upTo, rows })) ?? upTo;
}

/**
 * Moves the next range in the caller's transaction, under the mark that the table's sync triggers look for; what an author
 * wrote is to triggers a write like an application's. The UPDATE carries the guard itself and reads what is committed,
 * so a row that another session changed meanwhile is judged by its newest value.
 */
export async function backfillBatch(session: Session, batch: Batch): Promise<BatchResult> {
  const { key, after, upTo, rows, work } = batch;
  const { last: end, scanned } = await nextRange(session, { relation: work.relation, key, after, upTo, rows });
  if (end === null) return { last: null, scanned, changed: 0 };
  const sql = updateOf(batch, end);
  const last = scanned < rows ? upTo : end;
  if (work.statement !== undefined) return { last, scanned, changed: await changesAsWritten(session, sql) };
  return { last, scanned, changed: await changes(session, `${markBackfill(work.relation)};\n  ${sql}`) };
}
