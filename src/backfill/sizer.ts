import type { BackfillWork } from "../model/step.js";

/** Rows of the first batch when nobody says otherwise. */
export const FIRST_BATCH = 1_000;
/** More rows in one transaction help no server and hold their locks for longer. */
export const LARGEST_BATCH = 100_000;

/**
 * Below this a batch is mostly round trips: fewer rows do not make it shorter, they make it a thousand times as many.
 * Only an error makes batches smaller.
 */
export const SMALLEST_BATCH = 50;

/** How large batches are. */
export interface BatchSizes {
  /** Of the first batch when nobody says otherwise. */
  readonly first: number;
  /** Below this fewer rows do not make a batch shorter. */
  readonly smallest: number;
  readonly largest: number;
}

const OF_SQL: BatchSizes = Object.freeze({ first: FIRST_BATCH, smallest: SMALLEST_BATCH, largest: LARGEST_BATCH });

/** The rows of a batch are in memory where code computes their values. */
const LARGEST_IN_MEMORY = 5_000;

/** Each row may take a call, so that batches begin small; calls beside each other take as long as one. */
export function sizesOf({ code }: Pick<BackfillWork, "code">): BatchSizes {
  if (code === undefined) return OF_SQL;
  const { concurrency } = code;
  return { first: Math.max(SMALLEST_BATCH, concurrency), smallest: concurrency, largest: LARGEST_IN_MEMORY };
}

/** Batches grow by at most this much from one to the next. */
const GROWTH = 1.5;

/**
 * Behind a stop by the throttle they grow by less, for as many batches: what stopped the last ones is about to stop them
 * again, and the less there is on its way by then, the less it overshoots.
 */
const [WARY_GROWTH, WARY_BATCHES] = [1.1, 20];

/** By how much batches may grow. @param sinceStop batches behind the throttle's last stop; Infinity where there was none */
export const growthOf = (sinceStop: number): number => (sinceStop < WARY_BATCHES ? WARY_GROWTH : GROWTH);

/** The size behind a stop by the throttle: half of what it was. @example eased(20_000) // 10000 */
export const eased = (rows: number, { smallest } = OF_SQL): number =>
  Math.max(Math.min(rows, smallest), Math.floor(rows / 2));

/**
 * The next batch's size from what the last one took: towards the aim, growing by at most half or what is said, halving on overshoot,
 * a tenth beyond five times the aim.
 *
 * @param rows the last batch's size
 * @param ms what it took
 * @param targetMs what a batch should take
 * @param growth by how much it may be larger
 * @example nextSize(1000, 100, 250) // 1500
 * @example nextSize(1000, 1500, 250) // 100
 */
export function nextSize(
  rows: number,
  ms: number,
  targetMs: number,
  { smallest, largest } = OF_SQL,
  growth = GROWTH,
): number {
  const factor = ms > 5 * targetMs ? 0.1 : ms > targetMs * 1.25 ? 0.5 : Math.min(growth, targetMs / Math.max(ms, 1));
  const wanted = factor < 1 ? Math.floor(rows * factor) : Math.ceil(rows * factor);
  return Math.max(Math.min(rows, smallest), Math.min(largest, wanted));
}
