import { setTimeout as sleep } from "node:timers/promises";

/** How far back a rate looks, and the least time that one is taken over, milliseconds. */
const WINDOW_MS = 3_000;
const LEAST_MS = 1_000;

interface Sample {
  readonly at: number;
  readonly position: number;
}

/** How fast a count grows, a second, over the last seconds. */
export interface Meter {
  /** Asks for the position now. The first answer, and one after a pause, takes a second: one position tells no rate. */
  perSecond(position: () => Promise<number>): Promise<number>;
}

/**
 * @param now milliseconds of a clock that only goes forward
 * @param wait lets time go by
 */
export function meter(
  now: () => number = () => performance.now(),
  wait: (ms: number) => Promise<unknown> = sleep,
): Meter {
  let samples: readonly Sample[] = [];
  const take = async (position: () => Promise<number>): Promise<Sample> => {
    const sample = { at: now(), position: await position() };
    samples = [...samples.filter((s) => s.at >= sample.at - WINDOW_MS), sample];
    return sample;
  };
  return {
    async perSecond(position) {
      let last = await take(position);
      const first = samples[0] ?? last;
      const missing = LEAST_MS - (last.at - first.at);
      if (missing > 0) {
        await wait(missing);
        last = await take(position);
      }
      return Math.max(0, (last.position - first.position) / ((last.at - first.at) / 1_000));
    },
  };
}
