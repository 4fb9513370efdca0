import type { BackfillKey, BatchResult, Blocker, Session } from "../engines/engine.js";
import type { Kept } from "../engines/kept.js";
import type { RangeRecord } from "../journal/records.js";
import type { BackfillWork } from "../model/step.js";
import { type BackfillContext, isSame } from "./context.js";
import { whileLeased } from "./lease.js";
import type { OwnTime } from "./own-time.js";
import { type Pace, shareOf, withinPace } from "./pace.js";
import { nextRate } from "./progress.js";
import { nextSize, sizesOf } from "./sizer.js";
import { watched } from "./watched.js";
import type { BatchWriter } from "./writer.js";

/** The range is another worker's by now, or done. */
export class Lost extends Error {
  override readonly name = "Lost";
  constructor() {
    super("another worker has gone on with this range");
  }
}

/** A batch that is to run. */
export interface Ask {
  readonly work: BackfillWork;
  readonly key: BackfillKey;
  readonly range: RangeRecord;
  readonly writer: BatchWriter;
  readonly rows: number;
  /** By how much the next one may be larger: 1.5 is half as much more. */
  readonly growth: number;
  /** When the worker's batch before it had ended: waits between them count for the rate. */
  readonly since: number;
  readonly pace: Pace;
  readonly ownTime: OwnTime;
  readonly observer: Kept;
  /** Told whom it waits for. */
  readonly blocked: (by: readonly Blocker[]) => void;
}

/** One that has run. */
export interface Done {
  /** Null where the range is done. */
  readonly range: RangeRecord | null;
  readonly scanned: number;
  readonly rate: number;
  /** Rows of the next one. */
  readonly rows: number;
  readonly ms: number;
}

/** How long a batch waits for a lock, milliseconds: those who wait for its own rows wait as long. */
const LOCK_MS = 1_000;

/** What a statement of a batch may take at least, milliseconds: a server has its moments, too. */
const [LEAST_MS, LEAST_OF_ONE_MS] = [1_500, 10_000];

/**
 * What a statement of a batch may take. Beyond it fewer rows are tried, so that nobody waits long for rows that cost more
 * than those before; one row is given its time.
 */
const limitOf = (rows: number, targetMs: number): number =>
  rows === 1 ? Math.max(LEAST_OF_ONE_MS, targetMs * 20) : Math.max(LEAST_MS, targetMs * 4);

/** Ways to the server and back in a write: over a slow network they are most of its time, and no time of the server's. */
const WAYS = 3;

/** What a batch should take, milliseconds. */
export const targetOf = (context: BackfillContext, { targetMs }: BackfillWork): number =>
  context.askedMs?.() ?? targetMs ?? context.targetMs;

/** The range behind a batch. */
function moved({ range, since, pace }: Ask, { last, scanned, changed }: BatchResult, ended: number): RangeRecord {
  return {
    ...range,
    cursor: last ?? range.cursor,
    rowsDone: range.rowsDone + scanned,
    rowsChanged: range.rowsChanged + changed,
    batches: range.batches + 1,
    // The first batch has had no rest before it.
    rate: Math.min(shareOf(pace), nextRate(range.rate, scanned, ended - since)),
  };
}

/**
 * One batch and its checkpoint in one transaction, which begins by locking the range: the COMMIT of a worker that is
 * gone may still be under way, and is waited for; and who has lost the range writes nothing. What the writer prepares
 * stands before it, while nothing is locked.
 *
 * @throws Lost, what the writer throws
 */
export async function runBatch(context: BackfillContext, session: Session, ask: Ask): Promise<Done> {
  const { database, journal } = context;
  const { work, key, range, rows, writer, ownTime, observer, blocked } = ask;
  const targetMs = targetOf(context, work);
  const limitMs = limitOf(rows, targetMs);
  const [began, sent] = [performance.now(), session.sent()];
  const batch = { work, key, after: range.cursor, upTo: range.upper, rows };
  const write = await whileLeased(journal, session, range, () => writer.prepare(session, batch));
  const computed = writer.computed(targetMs);
  const begins = performance.now();
  await database.begin(session, { lockMs: Math.min(context.lockMs, LOCK_MS), statementMs: limitMs });
  const tripMs = performance.now() - begins;
  const now = await journal.ranges.lock(session, range);
  if (now === null || !isSame(now.cursor, range.cursor)) throw new Lost();
  const watching = { database, observer, session, limitMs: limitMs + WAYS * tripMs, blocked };
  const result = await watched(watching, () => write(session));
  const [ended, trips] = [performance.now(), session.sent() - sent];
  const next = moved(ask, result, ended);
  const isLast = result.last === null || isSame(result.last, range.upper);
  const sizeAfter = (commitMs: number) => {
    const ms = computed.ownMs + ownTime.of({ ms: ended - began - computed.ms, trips, tripMs, commitMs });
    // The last of a range may be a small one, which tells nothing of how large they should be.
    return result.scanned < rows ? rows : nextSize(rows, ms, targetMs, sizesOf(work), ask.growth);
  };
  await (isLast ? journal.ranges.finish(session, next, sizeAfter(0)) : journal.ranges.advance(session, next));
  const written = performance.now();
  await database.commit(session);
  const { rate } = next;
  return {
    range: isLast ? null : next,
    scanned: result.scanned,
    rate,
    rows: withinPace(sizeAfter(performance.now() - written), ask.pace),
    ms: performance.now() - began,
  };
}
