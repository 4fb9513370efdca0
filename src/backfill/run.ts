import type { BackfillKey, Batch, BatchResult, Cursor, Session } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import type { BackfillRecord } from "../journal/records.js";
import type { BackfillWork, Step } from "../model/step.js";
import { type BackfillContext, openForBatches } from "./context.js";
import { Interrupted, sleep, stopIfAsked } from "./interrupted.js";
import { etaSeconds, nextRate } from "./progress.js";
import { FIRST_BATCH, nextSize } from "./sizer.js";
import { waitForThrottle } from "./wait.js";

/** Failures in a row that a batch may have before the backfill stops. */
const PATIENCE = 12;

/** Before the first batch: key, fixed end and an estimate of the rows. */
async function beginning(
  { database, migrationId }: BackfillContext,
  session: Session,
  stepId: string,
  work: BackfillWork,
  key: BackfillKey,
): Promise<BackfillRecord> {
  const upper = await database.lastKey(session, work.relation, key);
  return {
    migrationId,
    stepId,
    key,
    cursor: null,
    upper,
    rowsDone: 0,
    rowsChanged: 0,
    rowsTotal: upper === null ? 0 : await database.estimateRows(session, work.relation),
    batches: 0,
    batchRows: work.rows ?? FIRST_BATCH,
    rate: 0,
    state: upper === null ? "done" : "running",
    waitingFor: null,
    updatedAt: null,
  };
}

/** Reads the checkpoint, or makes the first; with `anew` also where a backfill of this step has come to its end. */
async function startOrResume(
  context: BackfillContext,
  session: Session,
  step: Step,
  work: BackfillWork,
  anew: boolean,
): Promise<BackfillRecord> {
  const { database, journal, migrationId } = context;
  const known = await journal.backfill(session, migrationId, step.id);
  if (known !== null && !(anew && known.state === "done")) return known;
  const key = known === null ? await database.keyOf(session, work) : known.key;
  const record = await beginning(context, session, step.id, work, key);
  await (known === null ? journal.startBackfill(session, record) : journal.checkpoint(session, record));
  return record;
}

const isSame = (a: Cursor, b: Cursor) => JSON.stringify(a) === JSON.stringify(b);

/** How long a batch took, milliseconds: its size follows its work, its rate all the time that passed, waits included. */
interface Took {
  readonly workedMs: number;
  readonly passedMs: number;
}

/** What the record becomes after a batch. */
function advance(record: BackfillRecord, result: BatchResult, took: Took, targetMs: number): BackfillRecord {
  const finished = result.last === null || result.scanned < record.batchRows || isSame(result.last, record.upper);
  const rowsDone = record.rowsDone + result.scanned;
  return {
    ...record,
    cursor: result.last ?? record.cursor,
    rowsDone,
    rowsChanged: record.rowsChanged + result.changed,
    rowsTotal: finished ? rowsDone : Math.max(record.rowsTotal, rowsDone),
    batches: record.batches + 1,
    batchRows: finished ? record.batchRows : nextSize(record.batchRows, took.workedMs, targetMs),
    rate: nextRate(record.rate, result.scanned, took.passedMs),
    state: finished ? "done" : "running",
    waitingFor: null,
  };
}

/**
 * The COMMIT of a run that was killed may still be under way: a statement that counts on meeting each row once waits for
 * it, and sees that its place is another one by now.
 *
 * @throws Moved
 */
async function mustStand({ journal }: BackfillContext, session: Session, record: BackfillRecord): Promise<void> {
  const now = await journal.lockBackfill(session, record.migrationId, record.stepId);
  if (now === null || now.batches !== record.batches || !isSame(now.cursor, record.cursor))
    throw new Moved("another run has gone on with this backfill meanwhile");
}

/** The checkpoint is not the one that a batch was to go on from. */
class Moved extends Error {
  override readonly name = "Moved";
}

/** One batch and its checkpoint in one transaction. @param since when the batch before it had ended */
async function oneBatch(
  context: BackfillContext,
  session: Session,
  work: BackfillWork,
  record: BackfillRecord,
  since: number,
): Promise<{ next: BackfillRecord; ms: number }> {
  const { database, journal } = context;
  if (record.upper === null) return { next: { ...record, state: "done" }, ms: 0 };
  const batch: Batch = { work, key: record.key, after: record.cursor, upTo: record.upper, rows: record.batchRows };
  const targetMs = work.targetMs ?? context.targetMs;
  const began = performance.now();
  await database.begin(session, { lockMs: context.lockMs, statementMs: Math.max(10_000, targetMs * 20) });
  if (work.statement !== undefined) await mustStand(context, session, record);
  const result = await database.backfillBatch(session, batch);
  const ended = performance.now();
  const next = advance(record, result, { workedMs: ended - began, passedMs: ended - since }, targetMs);
  await journal.checkpoint(session, next);
  await database.commit(session);
  return { next, ms: performance.now() - began };
}

function fail(context: BackfillContext, step: Step, reason: string, cause: unknown): never {
  throw new ZmigrateError("backfill-failed", { migration: context.migrationId, step: step.id, reason }, { cause });
}

const verdictOn = (work: BackfillWork): string => (work.statement === undefined ? "cannot be converted" : "is refused");

/** How many rows to try next after an error; throws when trying again cannot help. */
function rowsAfter(
  context: BackfillContext,
  step: Step,
  work: BackfillWork,
  record: BackfillRecord,
  error: unknown,
): number {
  const { database } = context;
  const rows = record.batchRows;
  if (error instanceof Moved) return rows;
  const kind = database.classify(error);
  const shrinks = kind === "statement-timeout" || kind === "too-large" || kind === "data";
  if (shrinks && rows > 1) return Math.max(1, Math.floor(rows / (kind === "data" ? 4 : 2)));
  if (kind === "data")
    fail(
      context,
      step,
      `the row after key ${record.cursor?.join(", ") ?? "(the first)"} ${verdictOn(work)}: ${database.describe(error)}`,
      error,
    );
  if (kind === "deadlock" || kind === "serialization" || kind === "lock-timeout")
    return Math.max(1, Math.floor(rows / 2));
  if (kind === "connection-lost") return rows;
  return fail(context, step, database.describe(error), error);
}

/** A session that works: the one there is, or a new one to the same server. */
async function revive(context: BackfillContext, session: Session): Promise<Session> {
  if (!session.lost.aborted) {
    await context.database.rollback(session);
    if (!session.lost.aborted) return session;
  }
  await session.close();
  return openForBatches(context.database);
}

function told(context: BackfillContext, record: BackfillRecord, ms: number, lagMs: number | null): void {
  const { rowsDone, rowsTotal, rate, batchRows, stepId } = record;
  context.emit({
    event: "batch",
    migration: context.migrationId,
    step: stepId,
    rowsDone,
    rowsTotal,
    rate: Math.round(rate),
    etaSeconds: etaSeconds(record),
    batchRows,
    batchMs: Math.round(ms),
    lagMs: lagMs === null ? null : Math.round(lagMs),
  });
}

/**
 * Moves a step's data in batches until its fixed end. The checkpoint commits with each batch, so a run that is killed
 * at any moment goes on from there; a batch that did not commit is done again.
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
  let session = await openForBatches(context.database);
  try {
    let record = await startOrResume(context, session, step, work, anew);
    let failures = 0;
    let since = performance.now();
    while (record.state !== "done") {
      stopIfAsked(context.signal);
      try {
        const lag = await waitForThrottle(context, record, (why) =>
          context.journal.checkpoint(session, { ...record, waitingFor: why }),
        );
        const { next, ms } = await oneBatch(context, session, work, record, since);
        record = next;
        since = performance.now();
        failures = 0;
        told(context, record, ms, lag);
      } catch (error) {
        if (error instanceof ZmigrateError || error instanceof Interrupted) throw error;
        failures += 1;
        const rows = rowsAfter(context, step, work, record, error);
        const why = context.database.describe(error);
        if (failures > PATIENCE) fail(context, step, `${why} (${failures} times in a row)`, error);
        context.emit({ event: "batch-retried", migration: context.migrationId, step: step.id, why, rows });
        await sleep(Math.min(5_000, 50 * 2 ** failures) * (0.5 + Math.random()), context.signal);
        session = await revive(context, session);
        // The answer to a COMMIT may be what was lost: the journal knows whether it was.
        record = {
          ...((await context.journal.backfill(session, context.migrationId, step.id)) ?? record),
          batchRows: rows,
        };
      }
    }
    return record;
  } finally {
    await session.close();
  }
}
