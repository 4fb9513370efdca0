/** Rows of the first batch when nobody says otherwise. */
export const FIRST_BATCH = 1_000;
/** More rows in one transaction help no server and hold their locks for longer. */
export const LARGEST_BATCH = 100_000;

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
  return Math.max(1, Math.min(LARGEST_BATCH, Math.floor(rows * factor)));
}
