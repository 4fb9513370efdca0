/** How fast a backfill may be. */
export interface Pace {
  /** Rows a second that all workers may walk together; 0 is no limit. */
  readonly maxRate: number;
  /** How many workers share it, those of other processes too. */
  readonly workers: number;
}

/** Rows a second that one worker may walk; infinite for no limit. */
export const shareOf = ({ maxRate, workers }: Pace): number =>
  maxRate === 0 ? Number.POSITIVE_INFINITY : maxRate / Math.max(1, workers);

/**
 * Rows of the next batch at most: what a worker may walk in a second, so that no batch is a burst.
 *
 * @example withinPace(5_000, { maxRate: 1_000, workers: 2 }) // 500
 */
export const withinPace = (rows: number, pace: Pace): number => Math.max(1, Math.min(rows, Math.floor(shareOf(pace))));

/**
 * How long a worker waits before its first batch, milliseconds: where each may walk less than a row a second, they must
 * not all begin with one at once.
 *
 * @param number of the worker in its process, from 1
 * @example headOf(3, { maxRate: 2, workers: 4 }) // 1000
 */
export const headOf = (number: number, pace: Pace): number =>
  shareOf(pace) >= 1 ? 0 : ((number - 1) * 1_000) / pace.maxRate;

/**
 * How long a worker rests behind a batch, milliseconds.
 *
 * @param ms what the batch took
 * @example restOf(500, 200, { maxRate: 1_000, workers: 1 }) // 300
 */
export const restOf = (rows: number, ms: number, pace: Pace): number =>
  Math.max(0, (rows * 1_000) / shareOf(pace) - ms);
