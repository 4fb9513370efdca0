import type { Session } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import type { RangeRecord } from "../journal/records.js";
import { show } from "../model/name.js";
import type { Task } from "./task.js";

/** A table that has fewer times the rows of a batch may be read as a whole: that is as good as an index. */
const MANY_BATCHES = 50;

/** Where nobody says how large they are, the first batches are small: those behind them are looked at. */
const USUAL_BATCH = 1_000;

/** Small tables are read as a whole, and rightly. */
const SMALL_TABLE = 20_000;

/**
 * Looks at the server's plan for a batch.
 *
 * @param batchRows of the batch
 * @throws ZmigrateError backfill-scans where each batch would read the whole table, or a partition that is large
 */
export async function refuseScan(
  { context: { database }, of, work, key, rowsTotal }: Pick<Task, "context" | "of" | "work" | "key" | "rowsTotal">,
  session: Session,
  range: RangeRecord,
  batchRows: number,
): Promise<void> {
  const rows = Math.max(batchRows, work.rows ?? USUAL_BATCH);
  const large = Math.max(SMALL_TABLE, MANY_BATCHES * rows);
  if (rowsTotal < large) return;
  const batch = { work, key, after: range.cursor, upTo: range.upper, rows };
  const upTo = await database.rangeEnd(session, batch);
  const how = await database.scanOf(session, { ...batch, upTo }, large);
  if (how === null) return;
  const { migrationId: migration, stepId: step } = of;
  throw new ZmigrateError("backfill-scans", { migration, step, relation: show(work.relation), rows: rowsTotal, how });
}
