import type { Reading } from "./engine.js";

/** A number that stopped a backfill is calm below this share of its limit. */
const CALM_SHARE = 0.8;

/** Where it stays between that and the limit it is calm after this time, milliseconds: a limit of 1 has no such share. */
const CALM_MS = 10_000;

/** Says of a number whether a backfill may go on. */
export type LimitJudge = (value: number, reason: string) => Reading;

/**
 * A judge with hysteresis: a backfill stops above `max`, and goes on at 80 % of it, or when the number has kept to the
 * limit for ten seconds. What is no number stops it.
 *
 * @param now milliseconds of a clock that only goes forward
 * @example
 * const judge = limitJudge(40);
 * judge(41, "41 sessions are active (limit 40)").ok // false
 */
export function limitJudge(max: number, now: () => number = () => performance.now()): LimitJudge {
  let within: number | null = null;
  return (value, reason) => {
    const ok = value <= max;
    within = ok ? (within ?? now()) : null;
    const calm = ok && (value <= max * CALM_SHARE || now() - (within ?? now()) >= CALM_MS);
    return { ok, calm, reason, lagMs: null };
  };
}
