const UNITS: Readonly<Record<string, number>> = Object.freeze({
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
});

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** What a duration looks like, for messages. */
export const DURATION_FORM = "a number and a unit: 250ms, 5s, 10m, 2h or 3d";

/**
 * Milliseconds, rounded, of `250ms`, `5s`, `10m`, `2h`, `3d` or a bare `0`; null for anything else. A number without a
 * unit is refused: half of the readers would take it for seconds.
 *
 * @example
 * parseDuration("2h") // 7200000
 */
export function parseDuration(text: string): number | null {
  if (text === "0") return 0;
  const [, amount, unit] = DURATION.exec(text) ?? [];
  const factor = unit === undefined ? undefined : UNITS[unit];
  if (amount === undefined || factor === undefined) return null;
  const ms = Math.round(Number(amount) * factor);
  return Number.isSafeInteger(ms) ? ms : null;
}

/**
 * The shortest text that `parseDuration` reads back to the same milliseconds.
 *
 * @example
 * formatDuration(86_400_000) // "24h"
 */
export function formatDuration(ms: number): string {
  if (ms === 0) return "0";
  const unit = (["h", "m", "s"] as const).find((u) => ms % (UNITS[u] ?? 1) === 0) ?? "ms";
  return `${ms / (UNITS[unit] ?? 1)}${unit}`;
}

/** Milliseconds for people: `340 ms`, `2.4 s`, `3 min 05 s`, `2 h 10 min`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1_000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(Math.floor(seconds % 60)).padStart(2, "0")} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}
