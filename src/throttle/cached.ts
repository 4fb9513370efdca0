import type { Reading, Signal } from "../engines/engine.js";

/** A signal that is asked at most once in `everyMs`: who asks meanwhile, or at the same time, is told the same. */
export function cached(signal: Signal, everyMs: number, now: () => number = () => performance.now()): Signal {
  let last: { readonly at: number; readonly reading: Promise<Reading> } | null = null;
  return {
    ...signal,
    read() {
      if (last !== null && now() - last.at < everyMs) return last.reading;
      const asked = { at: Number.POSITIVE_INFINITY, reading: signal.read() };
      last = asked;
      const settle = () => {
        if (last === asked) last = { at: now(), reading: asked.reading };
      };
      asked.reading.then(settle, settle);
      return asked.reading;
    },
  };
}
