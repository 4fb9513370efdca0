import { setMaxListeners } from "node:events";
import type { BackfillKey, Session } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import { type OfBackfill, workerName } from "../journal/ranges.js";
import type { BackfillRecord } from "../journal/records.js";
import type { BackfillWork, Step } from "../model/step.js";
import { type BackfillContext, isSame, openForBatches } from "./context.js";
import { Interrupted } from "./interrupted.js";
import { type Progress, tracker } from "./progress.js";
import { sizesOf } from "./sizer.js";
import type { Task } from "./task.js";
import { runWorker } from "./worker.js";

/** Before the first range: key, fixed end and an estimate of the rows. */
async function beginning(
  { database }: BackfillContext,
  session: Session,
  of: OfBackfill,
  work: BackfillWork,
  key: BackfillKey,
): Promise<BackfillRecord> {
  const upper = await database.lastKey(session, work.relation, key);
  return {
    ...of,
    key,
    cursor: null,
    upper,
    rowsDone: 0,
    rowsChanged: 0,
    rowsTotal: upper === null ? 0 : await database.estimateRows(session, work.relation),
    batches: 0,
    batchRows: work.rows ?? sizesOf(work).first,
    rate: 0,
    state: upper === null ? "done" : "running",
    waitingFor: null,
    updatedAt: null,
  };
}

/** Reads what the journal knows, or makes it; with `anew` also where a backfill of this step has come to its end. */
async function startOrResume(
  context: BackfillContext,
  session: Session,
  of: OfBackfill,
  work: BackfillWork,
  anew: boolean,
): Promise<BackfillRecord> {
  const { database, journal } = context;
  const known = await journal.backfill(session, of);
  if (known !== null && !(anew && known.state === "done")) {
    // What a run that was killed has waited for is nothing that this one waits for.
    if (known.waitingFor !== null) await journal.holdBackfill(session, of, null);
    return known;
  }
  const key = known === null ? await database.keyOf(session, work) : known.key;
  const record = await beginning(context, session, of, work, key);
  if (known === null) {
    await journal.startBackfill(session, record);
    return record;
  }
  // A worker of another process looks for ranges between the two otherwise.
  await database.begin(session, { lockMs: context.lockMs, statementMs: 0 });
  await journal.restartBackfill(session, record);
  await database.commit(session);
  return record;
}

/** In a session of its own: one that is idle while the workers work may be gone when they are done. */
async function inSession<T>({ database }: BackfillContext, body: (session: Session) => Promise<T>): Promise<T> {
  const session = await openForBatches(database);
  try {
    return await body(session);
  } finally {
    await session.close();
  }
}

/** Runs this process's workers, and returns how far they think it is. The first that fails stops the others. */
async function runWorkers(context: BackfillContext, work: BackfillWork, record: BackfillRecord): Promise<Progress> {
  const { migrationId, stepId, key, batchRows, rowsTotal } = record;
  const stop = new AbortController();
  const own = { ...context, signal: AbortSignal.any([context.signal, stop.signal]) };
  // Each worker listens while it waits.
  setMaxListeners(0, own.signal);
  const workers = Array.from({ length: context.workers }, (_, n) => ({
    run: context.run,
    runner: context.runner,
    number: n + 1,
  }));
  const names = new Set(workers.map(workerName));
  const progress = tracker(record, names);
  const task: Task = { context: own, of: { migrationId, stepId }, work, key, batchRows, rowsTotal, tracker: progress };
  const failed: unknown[] = [];
  await Promise.all(
    workers.map((worker) =>
      runWorker(task, worker).catch((error: unknown) => {
        failed.push(error);
        stop.abort();
      }),
    ),
  );
  if (failed.length === 0) return progress.progress();
  throw failed.find((error) => !(error instanceof Interrupted)) ?? failed[0];
}

/** All ranges are done: nobody has any, and none is left. @throws ZmigrateError internal */
async function finish({ journal, database, lockMs }: BackfillContext, session: Session, of: OfBackfill): Promise<void> {
  await database.begin(session, { lockMs, statementMs: 0 });
  const record = await journal.lockBackfill(session, of);
  const open = await journal.ranges.open(session, of);
  if (record === null || open.length > 0 || !isSame(record.cursor, record.upper))
    throw new ZmigrateError("internal", { reason: `the backfill ${of.stepId} ended before its ranges did` });
  await journal.finishBackfill(session, of);
  await database.commit(session);
}

/**
 * Moves a step's data in batches until its fixed end. The checkpoint commits with each batch, so a run that is killed
 * at any moment goes on from there; a batch that did not commit is done again. Workers of this process, and of others
 * that help (`helpBackfill`), share it range by range.
 *
 * @param anew begin again where the step's backfill has come to its end before
 * @throws ZmigrateError backfill-failed, throttled-too-long, no-key
 * @throws Interrupted when asked to stop
 */
export async function runBackfill(
  context: BackfillContext,
  step: Step,
  work: BackfillWork,
  anew = false,
): Promise<BackfillRecord> {
  const of = { migrationId: context.migrationId, stepId: step.id };
  const record = await inSession(context, (session) => startOrResume(context, session, of, work, anew));
  if (record.state === "done") return record;
  const progress = await runWorkers(context, work, record);
  const [done, passedOver] = await inSession(context, async (session) => {
    await finish(context, session, of);
    const { journal } = context;
    return [(await journal.backfill(session, of)) ?? record, await journal.badRows.count(session, of)] as const;
  });
  if (progress.rowsTotal > done.rowsDone) tellEnd(context, done, progress);
  const { rowsDone: rows, rowsChanged } = done;
  const { migrationId: migration, stepId } = of;
  context.emit({ event: "backfilled", migration, step: stepId, rows, rowsChanged, passedOver });
  return done;
}

/** There were fewer rows than was estimated: whoever watches is told that it is all. */
function tellEnd(
  { emit }: BackfillContext,
  { migrationId, stepId, rowsDone }: BackfillRecord,
  { rate }: Progress,
): void {
  emit({
    ...{ event: "batch", migration: migrationId, step: stepId, rowsDone, rowsTotal: rowsDone, rate: Math.round(rate) },
    ...{ etaSeconds: null, batchRows: 0, batchMs: 0, lagMs: null, throttledShare: 0 },
  });
}

/** Something of it is nobody's: the rest of a helper's time would be spent on waiting for who is at work. */
async function isLeft({ journal }: BackfillContext, session: Session, record: BackfillRecord): Promise<boolean> {
  if (record.state === "done") return false;
  if (!isSame(record.cursor, record.upper)) return true;
  const open = await journal.ranges.open(session, record);
  return open.length > (await journal.ranges.leased(session, record));
}

/**
 * Helps another process with its backfill until all of its ranges are given away; that process ends it.
 *
 * @returns false where there was nothing to help with
 * @throws as `runBackfill`
 */
export async function helpBackfill(context: BackfillContext, step: Step, work: BackfillWork): Promise<boolean> {
  const of = { migrationId: context.migrationId, stepId: step.id };
  const { database, journal, emit } = context;
  const session = await database.open();
  let record: BackfillRecord | null;
  try {
    record = await journal.backfill(session, of);
    if (record === null || !(await isLeft(context, session, record))) return false;
  } finally {
    await session.close();
  }
  emit({ event: "helping", migration: of.migrationId, step: of.stepId });
  await runWorkers({ ...context, runner: false }, work, record);
  return true;
}
