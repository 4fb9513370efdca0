/** How long statements took, milliseconds. */
export interface Latencies {
  readonly count: number;
  /** The 99th percentile: 99 of 100 statements took no longer. 0 without statements. */
  readonly p99Ms: number;
  readonly maxMs: number;
}

/**
 * Sums up durations.
 *
 * @param ms durations in any order; left as they are
 * @example
 * latenciesOf([3, 1, 2]) // { count: 3, p99Ms: 3, maxMs: 3 }
 */
export function latenciesOf(ms: readonly number[]): Latencies {
  const sorted = Float64Array.from(ms).sort();
  const rank = Math.max(0, Math.ceil(sorted.length * 0.99) - 1);
  return Object.freeze({ count: sorted.length, p99Ms: sorted[rank] ?? 0, maxMs: sorted.at(-1) ?? 0 });
}
