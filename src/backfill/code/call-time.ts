/** Tells what the rows of a call of `map` took from what any call takes, however few rows it gets: the way to a service and back. */
export interface CallTime {
  /**
   * What fewer rows would make shorter, milliseconds.
   *
   * @param rows that it got
   * @param ms that it took
   * @param targetMs what a batch should take: rows may take more where any call takes more than that by itself
   */
  of(rows: number, ms: number, targetMs: number): number;
}

/** Calls of about so many rows: what they took, smoothed. */
interface Sample {
  readonly rows: number;
  readonly ms: number;
}

/** Fewer sizes of before are kept, so that what a service was like before it became slower is soon forgotten. */
const KEPT = 5;

/** Sizes that are nearer to each other tell nothing of what a row costs. */
const APART = 1.3;

/** How much the newest call weighs among those of its size. */
const WEIGHT = 0.5;

const isNear = (a: number, b: number): boolean => Math.max(a, b) < APART * Math.min(a, b);

/** The one in the middle; the lower one of two. */
const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)] ?? 0;

/** Before another size is known more rows are tried, unless a call takes more than so many times the aim: then fewer. */
const [TRIED, FAR] = [1.5, 5];

/** Compares calls for few rows with calls for many. */
export function callTime(): CallTime {
  let samples: readonly Sample[] = [];
  return {
    of(rows, ms, targetMs) {
      if (rows === 0) return 0;
      const same = samples.find((s) => isNear(s.rows, rows));
      const now = { rows, ms: same === undefined ? ms : same.ms * (1 - WEIGHT) + ms * WEIGHT };
      const others = samples.filter((s) => !isNear(s.rows, rows));
      samples = [...others, now].slice(-KEPT);
      if (others.length === 0) return ms > FAR * targetMs ? ms : Math.min(ms, targetMs / TRIED);
      const perRow = median(others.map((s) => (now.ms - s.ms) / (rows - s.rows)));
      const own = Math.min(ms, Math.max(0, perRow) * rows);
      // Rows may take as long as the call does without them: half of what the service could do is done then at least.
      return own * Math.min(1, targetMs / Math.max(1, ms - own));
    },
  };
}
