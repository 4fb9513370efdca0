import { ZmigrateError } from "../errors.js";
import type { Worker } from "../journal/ranges.js";
import type { RangeRecord } from "../journal/records.js";
import { type Done, runBatch } from "./batch.js";
import { claim } from "./claim.js";
import { Interrupted, sleep, stopIfAsked } from "./interrupted.js";
import { headOf, type Pace, restOf, withinPace } from "./pace.js";
import { etaSeconds } from "./progress.js";
import { recover } from "./recover.js";
import { refuseScan } from "./scan.js";
import { growthOf } from "./sizer.js";
import { toldWhileSlow } from "./slow.js";
import { LOOK_AGAIN_MS, leave, refreshed, type Standing, standingOf, throttled } from "./standing.js";
import type { Task } from "./task.js";

function told({ context, of, tracker }: Task, { ms, rows: batchRows }: Done, lagMs: number | null): void {
  const progress = tracker.progress();
  context.emit({
    event: "batch",
    migration: of.migrationId,
    step: of.stepId,
    rowsDone: progress.rowsDone,
    rowsTotal: progress.rowsTotal,
    rate: Math.round(progress.rate),
    etaSeconds: etaSeconds(progress),
    batchRows,
    batchMs: Math.round(ms),
    lagMs: lagMs === null ? null : Math.round(lagMs),
    throttledShare: Number(tracker.throttledShare().toFixed(3)),
  });
}

const paceOf = ({ context, tracker }: Task): Pace => ({ maxRate: context.maxRate ?? 0, workers: tracker.workers() });

async function batch(task: Task, worker: Worker, at: Standing, range: RangeRecord): Promise<void> {
  const { context, of, work, key, tracker } = task;
  const lag = await throttled(task, at);
  if (!at.planned) await refuseScan(task, at.session, range, at.rows);
  at.planned = true;
  const { session, since, picker } = at;
  const writer = at.picks ? picker : at.writer;
  const pace = paceOf(task);
  at.rows = withinPace(Math.min(at.rows, at.most), pace);
  const growth = growthOf(at.rows, at.sinceStop, work.rows !== null);
  const { ownTime, observer, lock } = at;
  const ask = { work, key, range, rows: at.rows, growth, since, writer, pace, ownTime, observer, blocked: lock.saw };
  at.began = performance.now();
  const done = await toldWhileSlow(context, of.stepId, session, () => runBatch(context, session, ask));
  await lock.over();
  for (const event of at.picks ? picker.passedOver() : []) context.emit(event);
  at.picks = false;
  at.sinceStop += 1;
  at.range = done.range;
  at.rows = done.rows;
  at.rate = done.rate;
  at.since = performance.now();
  tracker.add(worker.number, done.scanned, done.rate);
  await refreshed(task, session);
  told(task, done, lag);
  const rest = restOf(done.scanned, done.ms, { ...pace, workers: tracker.workers() });
  if (rest > 0) await sleep(rest, context.signal);
}

/** Says what is still under way elsewhere when nothing is left for this process, once and when it is less. */
function tellRest({ context, of }: Task, { run }: Worker, at: Standing, open: readonly RangeRecord[]): void {
  const isOurs = open.some((range) => range.worker.includes(run));
  if (isOurs || open.length === at.told) return;
  at.told = open.length;
  const { migrationId: migration, stepId: step } = of;
  context.emit({ event: "waiting-for-workers", migration, step, ranges: open.length });
}

/** @returns false where nothing is left: for a runner when all are done, for a helper when all are given away */
async function turn(task: Task, worker: Worker, at: Standing): Promise<boolean> {
  const { context, of, work } = task;
  if (at.range === null) {
    const { rate, session } = at;
    // In ranges for larger batches than it may have, a few workers would have all that is left, and their shares alone.
    const rows = withinPace(at.rows, paceOf(task));
    at.range = await claim(context, session, { worker, work, of, rows, rate });
    at.most = Number.POSITIVE_INFINITY;
  }
  if (at.range !== null) {
    await batch(task, worker, at, at.range);
  } else {
    const open = await context.journal.ranges.open(at.session, of);
    if (!worker.runner || open.length === 0) return false;
    tellRest(task, worker, at, open);
    await sleep(LOOK_AGAIN_MS, context.signal);
  }
  at.failures = 0;
  at.looks = 0;
  return true;
}

/**
 * Takes ranges of a backfill and does them, batch by batch, until there are none.
 *
 * @throws ZmigrateError backfill-failed, throttled-too-long
 * @throws Interrupted when asked to stop
 */
export async function runWorker(task: Task, worker: Worker): Promise<void> {
  const { context } = task;
  const at = await standingOf(task);
  let failed: unknown = null;
  try {
    await sleep(headOf(worker.number, paceOf(task)), context.signal);
    for (;;) {
      stopIfAsked(context.signal);
      try {
        if (failed !== null) await recover(task, worker, at, failed);
        failed = null;
        if (!(await turn(task, worker, at))) return;
      } catch (error) {
        if (error instanceof ZmigrateError || error instanceof Interrupted) throw error;
        failed = error;
      }
    }
  } finally {
    await leave(task, at);
  }
}
