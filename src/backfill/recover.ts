import type { Session } from "../engines/engine.js";
import { type Worker, workerName } from "../journal/ranges.js";
import type { RangeRecord } from "../journal/records.js";
import { named, passOver } from "./bad-row.js";
import {
  isBadRow,
  isLocked,
  isMendedByFewer,
  isOfRows,
  isTooLarge,
  isTooSlow,
  refuseEndless,
  rowsAfter,
} from "./failed.js";
import { sleep } from "./interrupted.js";
import { PICKED_ROWS } from "./pick.js";
import { sizesOf } from "./sizer.js";
import { LOOK_AGAIN_MS, revive, type Standing, throttled } from "./standing.js";
import type { Task } from "./task.js";
import { unlessLocked } from "./unless-locked.js";

/** The first row behind a range's cursor, for people. */
async function nextRow({ context, work, key }: Task, session: Session, range: RangeRecord): Promise<string> {
  const next = { work, key, after: range.cursor, upTo: range.upper, rows: 1 };
  return named(key, await context.database.rangeEnd(session, next));
}

/** Says that it is tried again, and why. */
function tellRetry({ context, of }: Task, rows: number, error: unknown): void {
  const { migrationId: migration, stepId: step } = of;
  context.emit({ event: "batch-retried", migration, step, why: context.database.describe(error), rows });
}

/** How long to wait after so many failures in a row, milliseconds: longer each time, and no two workers as long. */
const pauseAfter = (failures: number): number => Math.min(5_000, 50 * 2 ** failures) * (0.5 + Math.random());

/** The next row is locked by somebody, who is told: it is waited for, as long as a throttle is. @throws ZmigrateError throttled-too-long */
async function waitForRow(task: Task, at: Standing, range: RangeRecord): Promise<void> {
  const { context } = task;
  const ms = performance.now() - at.began;
  at.session = await revive(context, at.session);
  await unlessLocked(context, context.journal.ranges.keep(at.session, range));
  await at.lock.inVain(await nextRow(task, at.session, range), ms);
  await sleep(LOOK_AGAIN_MS, context.signal);
}

/**
 * Looks at the one row that a batch held by itself, as soon as the throttle lets it. A row that is not refused then, and
 * cannot be committed, ends the backfill.
 *
 * @throws ZmigrateError backfill-failed
 */
async function lookAt(task: Task, at: Standing, range: RangeRecord, error: unknown): Promise<void> {
  const { context, of, work, key } = task;
  at.session = await revive(context, at.session);
  at.looks += 1;
  const failure = { stepId: of.stepId, rows: 1, times: at.looks, error };
  await refuseEndless(context, failure, () => nextRow(task, at.session, range));
  if (at.looks > 1) {
    tellRetry(task, 1, error);
    await sleep(pauseAfter(at.looks), context.signal);
  }
  await throttled(task, at);
  at.range = await passOver(context, at.session, { work, key, range, writer: at.writer });
  at.looks = 0;
  at.rows = sizesOf(work).easy;
}

/** After an error. The answer to a COMMIT may be what was lost: the journal knows what became of it. */
export async function recover(task: Task, worker: Worker, at: Standing, error: unknown): Promise<void> {
  const { context, of, work } = task;
  if (at.range !== null && isBadRow(context, at.rows, error)) return lookAt(task, at, at.range, error);
  if (at.range !== null && at.rows === 1 && isLocked(context, error)) return waitForRow(task, at, at.range);
  const shrinks = isMendedByFewer(context, at.rows, error);
  if (!shrinks) at.failures += 1;
  // Code computes while nothing is locked, so that its rows are found by batches of their own.
  const mayPick = !at.picks && work.code === undefined && at.rows <= PICKED_ROWS;
  at.picks = mayPick && isOfRows(context.database, error);
  if (!at.picks) at.rows = rowsAfter(context, { stepId: of.stepId, rows: at.rows, times: at.failures, error });
  tellRetry(task, at.rows, error);
  if (isTooLarge(context, error)) at.most = at.rows;
  if (isTooSlow(context, error)) at.sinceStop = 0;
  if (!shrinks) await sleep(pauseAfter(at.failures), context.signal);
  at.session = await revive(context, at.session);
  const mine = workerName(worker);
  at.range = (await context.journal.ranges.open(at.session, of)).find((r) => r.worker === mine) ?? null;
}
