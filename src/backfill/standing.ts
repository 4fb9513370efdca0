import type { Session } from "../engines/engine.js";
import { type Kept, kept } from "../engines/kept.js";
import { ZmigrateError } from "../errors.js";
import type { RangeRecord } from "../journal/records.js";
import { codeWriter } from "./code/writer.js";
import { type BackfillContext, openForBatches } from "./context.js";
import { KEEP_MS } from "./lease.js";
import { type LockWait, lockWait } from "./lock-wait.js";
import { type OwnTime, ownTime } from "./own-time.js";
import { type PickingWriter, pickingWriter } from "./pick.js";
import { eased, sizesOf } from "./sizer.js";
import type { Task } from "./task.js";
import { unlessLocked } from "./unless-locked.js";
import { waitForThrottle } from "./wait.js";
import { type BatchWriter, sqlWriter } from "./writer.js";

/** How often a worker that has nothing to do looks whether the others are done, milliseconds. */
export const LOOK_AGAIN_MS = 250;

/** How a worker stands. */
export interface Standing {
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
export async function revive(context: BackfillContext, session: Session): Promise<Session> {
  if (!session.lost.aborted) {
    await context.database.rollback(session);
    if (!session.lost.aborted) return session;
  }
  await session.close();
  return openForWork(context);
}

/** How a worker stands at its beginning, with a session and a writer of its own. */
export async function standingOf(task: Task): Promise<Standing> {
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
  return at;
}

/** What all processes have done by now, about once a second. */
export const refreshed = (
  { context: { journal, database }, of, work, tracker }: Task,
  session: Session,
): Promise<void> =>
  tracker.refresh(
    async () => ({ record: await journal.backfill(session, of), open: await journal.ranges.open(session, of) }),
    () => database.estimateRows(session, work.relation),
  );

/**
 * Waits while the throttle stops the backfill, and keeps the lease meanwhile. Whoever it stopped for gets smaller batches
 * at first: one that takes a replica seconds to replay puts it behind again by itself.
 *
 * @returns the lag
 */
export async function throttled(task: Task, at: Standing): Promise<number | null> {
  const { context, of, tracker, work } = task;
  const { journal } = context;
  const { session, range } = at;
  let kept = performance.now();
  let waited = false;
  const note = (why: string | null) => {
    waited ||= why !== null;
    return unlessLocked(context, journal.holdBackfill(session, of, why));
  };
  const still = async () => {
    await unlessLocked(context, refreshed(task, session));
    if (range === null || performance.now() - kept < KEEP_MS) return;
    kept = performance.now();
    await unlessLocked(context, journal.ranges.keep(session, range));
  };
  const began = performance.now();
  try {
    return await waitForThrottle(context, of.stepId, tracker.progress, note, still);
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

/** Who stops in the middle gives its range back, so that whoever comes next need not wait. */
export async function leave({ context }: Task, { session, range, writer, lock, observer }: Standing): Promise<void> {
  await Promise.all([writer.close(), observer.close()]);
  await context.database.rollback(session);
  await lock.over().catch(() => undefined);
  if (range !== null) await context.journal.ranges.release(session, range).catch(() => undefined);
  await session.close();
}
