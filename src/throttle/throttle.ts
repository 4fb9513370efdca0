import type { Reading, Signal } from "../engines/engine.js";

/** Several signals as one, with hysteresis: stopped by any, it goes on when those that stopped it are calm. */
export interface Throttle {
  /** Reads all signals. The reading's `ok` already has the hysteresis in it. */
  check(): Promise<Reading>;
  close(): Promise<void>;
}

/** The reasons of all that stop, and the largest lag. */
function composed(readings: readonly Reading[], against: readonly Reading[]): Reading {
  const lags = readings.flatMap((r) => (r.lagMs === null ? [] : [r.lagMs]));
  const lagMs = lags.length === 0 ? null : Math.max(...lags);
  const [lagging] = readings.filter((r) => r.lagMs === lagMs);
  if (against.length > 0) {
    const reason = against.map((r) => r.reason).join("; ");
    const wanted = against.some((r) => r.wanted === true) ? { wanted: true as const } : {};
    return { ok: false, calm: false, reason, lagMs, ...wanted };
  }
  return { ok: true, calm: readings.every((r) => r.calm), reason: lagging?.reason ?? "nothing to watch", lagMs };
}

/**
 * Each signal has its own hysteresis: one that is close to its limit, and has stopped nobody, keeps nobody from going on.
 *
 * @example
 * const throttle = throttleOf([await database.lagSignal({ maxLagMs: () => 5000, replicaUrls: [], intervalMs: 200 })]);
 * const reading = await throttle.check(); // { ok: false, reason: "replica standby is 6.1 s behind (limit 5.0 s)", ... }
 */
export function throttleOf(signals: readonly Signal[]): Throttle {
  const stopped = new Set<Signal>();
  return {
    async check() {
      const readings = await Promise.all(signals.map(async (signal) => ({ signal, reading: await signal.read() })));
      for (const { signal, reading } of readings)
        if (stopped.has(signal) ? reading.calm : reading.ok) stopped.delete(signal);
        else stopped.add(signal);
      const against = readings.filter(({ signal }) => stopped.has(signal));
      return composed(
        readings.map(({ reading }) => reading),
        against.map(({ reading }) => reading),
      );
    },
    async close() {
      await Promise.all(signals.map((s) => s.close()));
    },
  };
}
