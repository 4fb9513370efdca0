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
