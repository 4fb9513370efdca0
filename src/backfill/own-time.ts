/** What one batch took, milliseconds. */
export interface Spent {
  /** Until all is written. */
  readonly ms: number;
  /** Ways to the server and back in it. */
  readonly trips: number;
  /** One of a statement that does nothing. */
  readonly tripMs: number;
  /** The COMMIT; 0 where there was none yet. */
  readonly commitMs: number;
}

/** Tells what the rows of a batch took from what any batch takes: fewer rows make only the first shorter. */
export interface OwnTime {
  of(spent: Spent): number;
}

/** What any batch takes is the least that was seen, so that a moment in which all is slow does not hide what rows cost. */
export function ownTime(): OwnTime {
  let trip = Number.POSITIVE_INFINITY;
  let commit = Number.POSITIVE_INFINITY;
  return {
    of({ ms, trips, tripMs, commitMs }) {
      trip = Math.min(trip, tripMs);
      if (commitMs > 0) commit = Math.min(commit, commitMs);
      const always = trips * trip + (commitMs > 0 ? commit : 0);
      return Math.max(0, ms + commitMs - always);
    },
  };
}
