/** How much of what was seen before counts beside the newest reading. */
const REMEMBERED = 0.8;

/** Learns how fast a replica replays, and foretells how long it needs for what it has before it. */
export interface ReplayRate {
  /**
   * Takes a reading of both positions, in bytes.
   *
   * @returns milliseconds that the replica needs for what is written now; null while its rate is not known
   */
  toCatchUp(at: number, written: bigint, replayed: bigint): number | null;
}

/**
 * A replica's rate is known from the times in which it never ran out of work: all that it replayed since the reading
 * before had been written by then. At other times it may wait for the primary, and what it replays says only that it is
 * at least as fast. Its lag tells too late: it has only begun to grow when much more than it can replay is written.
 * Pinned by test/engines/replay-rate.test.ts.
 *
 * @param intervalMs readings that follow sooner are not learned from: a replica tells its position now and then
 */
export function replayRate(intervalMs: number): ReplayRate {
  let last: { readonly at: number; readonly written: bigint; readonly replayed: bigint } | null = null;
  let [bytes, ms] = [0, 0];
  const learn = (at: number, written: bigint, replayed: bigint) => {
    if (last !== null && at - last.at < intervalMs) return;
    if (last !== null && replayed >= last.replayed) {
      const [moved, spent] = [Number(replayed - last.replayed), at - last.at];
      if (replayed < last.written) [bytes, ms] = [bytes * REMEMBERED + moved, ms * REMEMBERED + spent];
      else if (moved * ms > bytes * spent) [bytes, ms] = [moved, spent];
    }
    last = { at, written, replayed };
  };
  return {
    toCatchUp(at, written, replayed) {
      learn(at, written, replayed);
      // One that stands still has a lag that tells so.
      return bytes === 0 ? null : (Math.max(0, Number(written - replayed)) * ms) / bytes;
    },
  };
}
