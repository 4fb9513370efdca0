/** Rows of the first batch when nobody says otherwise. */
export const FIRST_BATCH = 1_000;
/** More rows in one transaction help no server and hold their locks for longer. */
export const LARGEST_BATCH = 100_000;

/**
 * Below this a batch is mostly round trips: fewer rows do not make it shorter, they make it a thousand times as many.
 * Only an error makes batches smaller.
 */
export const SMALLEST_BATCH = 50;

/**
 * The next batch's size from what the last one took: towards the aim, growing by at most half, halving on overshoot,
 * a tenth beyond five times the aim.
 *
 * @param rows the last batch's size
 * @param ms what it took
 * @param targetMs what a batch should take
 * @example nextSize(1000, 100, 250) // 1500
 * @example nextSize(1000, 1500, 250) // 100
 */
export function nextSize(rows: number, ms: number, targetMs: number): number {
  const factor = ms > 5 * targetMs ? 0.1 : ms > targetMs * 1.25 ? 0.5 : Math.min(1.5, targetMs / Math.max(ms, 1));
  const wanted = factor < 1 ? Math.floor(rows * factor) : Math.ceil(rows * factor);
  return Math.max(Math.min(rows, SMALLEST_BATCH), Math.min(LARGEST_BATCH, wanted));
}
