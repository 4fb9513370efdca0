import type { Batch, BatchResult, Session } from "../../engine.js";
import { quoteRelation } from "../names.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { nextRange, range } from "./keys.js";

/** Seconds that a batch waits for a row lock before it is tried again. */
const ROW_LOCK_SECONDS = 3;

/**
 * Our sync triggers leave what this session writes alone. A range that the optimizer gives up on for want of memory
 * would be a scan of the whole table (warning 3170): MySQL gets no limit, MariaDB has none.
 */
export async function prepareBackfill(session: Session, dialect: MysqlDialect): Promise<void> {
  const memory = dialect === "mysql" ? ", range_optimizer_max_mem_size = 0" : "";
  await session.query(
    `SET @zmigrate_backfill = 1; SET SESSION innodb_lock_wait_timeout = ${ROW_LOCK_SECONDS}, foreign_key_checks = 1${memory}`,
  );
}

interface Warning {
  readonly Level: string;
  readonly Code: number;
  readonly Message: string;
}

/**
 * Runs a statement and counts what it changed. A warning is a value that did not fit, or a plan that is not the range:
 * neither may pass. GET DIAGNOSTICS and SHOW WARNINGS are the only statements that leave the warnings of the one before.
 */
async function changes(session: Session, sql: string): Promise<number> {
  const warnings = await session.query<Warning>(`${sql}; GET DIAGNOSTICS @zmigrate_changed = ROW_COUNT; SHOW WARNINGS`);
  const bad = warnings.find((w) => w.Level !== "Note");
  if (bad !== undefined) throw Object.assign(new Error(bad.Message), { errno: bad.Code, code: "WARNING" });
  const [row] = await session.query<{ changed: string }>("SELECT @zmigrate_changed AS changed");
  return Math.max(0, Number(row?.changed ?? 0));
}

/**
 * Moves the next range in the caller's transaction. The UPDATE carries the guard itself and reads what is committed,
 * so a row that another session changed meanwhile is judged by its newest value.
 */
export async function backfillBatch(session: Session, batch: Batch): Promise<BatchResult> {
  const { key, after, upTo, rows, work } = batch;
  const { last, scanned } = await nextRange(session, { relation: work.relation, key, after, upTo, rows });
  if (last === null) return { last, scanned, changed: 0 };
  const sql = `UPDATE ${quoteRelation(work.relation)} SET ${work.set} WHERE ${range(key, after, last)} AND (${work.where})`;
  return { last, scanned, changed: await changes(session, sql) };
}
