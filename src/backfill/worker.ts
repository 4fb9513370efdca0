import type { Session } from "../engines/engine.js";
import { type Kept, kept } from "../engines/kept.js";
import { ZmigrateError } from "../errors.js";
import { type Worker, workerName } from "../journal/ranges.js";
import type { RangeRecord } from "../journal/records.js";
import { named, passOver } from "./bad-row.js";
import { type Done, runBatch } from "./batch.js";
import { claim } from "./claim.js";
import { codeWriter } from "./code/writer.js";
import { type BackfillContext, openForBatches } from "./context.js";
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
import { Interrupted, sleep, stopIfAsked } from "./interrupted.js";
import { KEEP_MS } from "./lease.js";
import { type LockWait, lockWait } from "./lock-wait.js";
import { type OwnTime, ownTime } from "./own-time.js";
import { headOf, type Pace, restOf, withinPace } from "./pace.js";
import { PICKED_ROWS, type PickingWriter, pickingWriter } from "./pick.js";
import { etaSeconds } from "./progress.js";
import { refuseScan } from "./scan.js";
import { eased, growthOf, sizesOf } from "./sizer.js";
import { toldWhileSlow } from "./slow.js";
import type { Task } from "./task.js";
import { unlessLocked } from "./unless-locked.js";
import { waitForThrottle } from "./wait.js";
import { type BatchWriter, sqlWriter } from "./writer.js";

/** How often a worker that has nothing to do looks whether the others are done, milliseconds. */
const LOOK_AGAIN_MS = 250;

/** How a worker stands. */
interface Standing {
  readonly writer: BatchWriter;
  /** Writes a batch that was refused for one of its rows. */
  readonly picker: PickingWriter;
  /** The next batch is one. */
  picks: boolean;
  session: Session;
  /** The range that it is about; null where it has none. */
  range: RangeRecord | null;
  /** Rows of its next batch. */
  rows: number;
  /** Batches behind the last stop by the throttle, or the last one that was ended after its time. */
  sinceStop: number;
  /** Rows of a batch at most until its range is done: the server has refused larger ones as too large. */
  most: number;
  rate: number;
  failures: number;
  /** How often in a row it has looked at one row by itself in vain. */
  looks: number;
  readonly lock: LockWait;
  readonly ownTime: OwnTime;
  /** Looks what a batch that takes long is about. */
  readonly observer: Kept;
  /** When its last batch began. */
  began: number;
  /** When its batch before had ended. */
  since: number;
  /** The server's plan for its batches was looked at. */
  planned: boolean;
  /** Ranges of other processes that it has last said it waits for. */
  told: number;
}

/** @throws ZmigrateError internal, where the work is for code and there is none */
function writerFor({ context, of, work }: Task): BatchWriter {
  const { database, code, signal, throttle, emit } = context;
  if (work.code === undefined) return sqlWriter(database);
  if (code === undefined) throw new ZmigrateError("internal", { reason: `the code of ${of.stepId} was not loaded` });
  return codeWriter({ database, code, signal, throttle, of, emit });
}

async function openForWork({ database }: BackfillContext): Promise<Session> {
  const session = await openForBatches(database);
  await database.endWhenStill(session);
  return session;
}

/** A session that works: the one there is, or a new one to the same server. */
async function revive(context: BackfillContext, session: Session): Promise<Session> {
  if (!session.lost.aborted) {
    await context.database.rollback(session);
    if (!session.lost.aborted) return session;
  }
  await session.close();
  return openForWork(context);
}

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

/**
 * Waits while the throttle stops the backfill, and keeps the lease meanwhile. Whoever it stopped for gets smaller batches
 * at first: one that takes a replica seconds to replay puts it behind again by itself.
 *
 * @returns the lag
 */
async function throttled({ context, of, tracker, work }: Task, at: Standing): Promise<number | null> {
  const { journal } = context;
  const { session, range } = at;
  let kept = performance.now();
  let waited = false;
  const note = (why: string | null) => {
    waited ||= why !== null;
    return unlessLocked(context, journal.holdBackfill(session, of, why));
  };
  const still = async () => {
    if (range === null || performance.now() - kept < KEEP_MS) return;
    kept = performance.now();
    await unlessLocked(context, journal.ranges.keep(session, range));
  };
  const began = performance.now();
  try {
    return await waitForThrottle(context, of.stepId, tracker.progress(), note, still);
  } catch (error) {
    // It ends here, and waits for nothing any more.
    if (waited) await note(null).catch(() => undefined);
    throw error;
  } finally {
    if (waited) {
      tracker.waited(performance.now() - began);
      at.rows = eased(at.rows, sizesOf(work));
      at.sinceStop = 0;
    }
  }
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
  await tracker.refresh(
    async () => ({
      record: await context.journal.backfill(session, of),
      open: await context.journal.ranges.open(session, of),
    }),
    () => context.database.estimateRows(session, work.relation),
  );
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
async function recover(task: Task, worker: Worker, at: Standing, error: unknown): Promise<void> {
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

/** Who stops in the middle gives its range back, so that whoever comes next need not wait. */
async function leave({ context }: Task, { session, range, writer, lock, observer }: Standing): Promise<void> {
  await Promise.all([writer.close(), observer.close()]);
  await context.database.rollback(session);
  await lock.over().catch(() => undefined);
  if (range !== null) await context.journal.ranges.release(session, range).catch(() => undefined);
  await session.close();
}

/**
 * Takes ranges of a backfill and does them, batch by batch, until there are none.
 *
 * @throws ZmigrateError backfill-failed, throttled-too-long
 * @throws Interrupted when asked to stop
 */
export async function runWorker(task: Task, worker: Worker): Promise<void> {
  const { context, batchRows } = task;
  const writer = writerFor(task);
  const session = await openForWork(context);
  const note = (why: string | null) => unlessLocked(context, context.journal.holdBackfill(at.session, task.of, why));
  const at: Standing = {
    lock: lockWait(task, note),
    ownTime: ownTime(),
    observer: kept(() => context.database.open()),
    began: performance.now(),
    writer,
    picker: pickingWriter(context, task.of, writer),
    picks: false,
    session,
    range: null,
    rows: batchRows,
    sinceStop: Number.POSITIVE_INFINITY,
    most: Number.POSITIVE_INFINITY,
    rate: 0,
    failures: 0,
    looks: 0,
    since: performance.now(),
    planned: false,
    told: 0,
  };
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
