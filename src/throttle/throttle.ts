import type { Reading, Signal } from "../engines/engine.js";

/** Several signals as one, with hysteresis: stopped by any, it goes on when all are calm. */
export interface Throttle {
  /** Reads all signals. The reading's `ok` already has the hysteresis in it. */
  check(): Promise<Reading>;
  close(): Promise<void>;
}

/** The reading that matters most: the first that stops, else the one with the largest lag. */
function worstOf(readings: readonly Reading[], stopped: boolean): Reading {
  const against = readings.find((r) => (stopped ? !r.calm : !r.ok));
  if (against !== undefined) return { ...against, ok: false };
  const lagging = readings.toSorted((a, b) => (b.lagMs ?? -1) - (a.lagMs ?? -1))[0];
  return lagging ?? { ok: true, calm: true, reason: "nothing to watch", lagMs: null };
}

/**
 * @example
 * const throttle = throttleOf([await database.lagSignal({ maxLagMs: 5000, replicaUrls: [], intervalMs: 200 })]);
 * const reading = await throttle.check(); // { ok: false, reason: "replica standby is 6.1 s behind (limit 5.0 s)", ... }
 */
export function throttleOf(signals: readonly Signal[]): Throttle {
  let stopped = false;
  return {
    async check() {
      const reading = worstOf(await Promise.all(signals.map((s) => s.read())), stopped);
      stopped = !reading.ok;
      return reading;
    },
    async close() {
      await Promise.all(signals.map((s) => s.close()));
    },
  };
}
