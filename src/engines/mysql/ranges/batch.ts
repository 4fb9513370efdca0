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

interface Outcome {
  readonly changed: string;
  readonly warnings: string;
}

/** A warning is a value that did not fit, or a plan that is not the range: neither may pass. */
async function refuseWarnings(session: Session): Promise<void> {
  const warnings = await session.query<{ Level: string; Code: number; Message: string }>("SHOW WARNINGS");
  const bad = warnings.find((w) => w.Level !== "Note");
  if (bad === undefined) return;
  throw Object.assign(new Error(bad.Message), { errno: bad.Code, code: "WARNING" });
}

/**
 * Moves the next range in the caller's transaction. The UPDATE carries the guard itself and reads what is committed,
 * so a row that another session changed meanwhile is judged by its newest value.
 */
export async function backfillBatch(session: Session, batch: Batch): Promise<BatchResult> {
  const { key, after, upTo, rows, work } = batch;
  const { last, scanned } = await nextRange(session, { relation: work.relation, key, after, upTo, rows });
  if (last === null) return { last, scanned, changed: 0 };
  // In a packet of its own with the counters: both belong to the statement before.
  const [outcome] = await session.query<Outcome>(
    `UPDATE ${quoteRelation(work.relation)} SET ${work.set} WHERE ${range(key, after, last)} AND (${work.where}); SELECT ROW_COUNT() AS changed, @@warning_count AS warnings`,
  );
  if (Number(outcome?.warnings ?? 0) > 0) await refuseWarnings(session);
  return { last, scanned, changed: Math.max(0, Number(outcome?.changed ?? 0)) };
}
