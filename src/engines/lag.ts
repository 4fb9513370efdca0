import type { Reading } from "./engine.js";

/** How far behind one replica is. */
export interface Lag {
  readonly name: string;
  readonly ms: number;
  /** How long it will need for what is written already; null where nothing tells. */
  readonly toCatchUpMs: number | null;
  /** What is strange about it, after the figures; "" when nothing is. */
  readonly note: string;
}

/**
 * What was written while the lag grew is still to be replayed when the backfill stops, and a replica that replays more
 * slowly than the primary writes falls behind further until then: by this factor, until it is known better.
 */
const FIRST_OVERSHOOT = 3;
const GREATEST_OVERSHOOT = 4;

/** How much of a former overshoot counts when the next one is smaller. */
const REMEMBERED = 0.7;

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** The lag that is sure to come, though the replica may show less of it still. */
const comingOf = ({ ms, toCatchUpMs }: Lag): number => Math.max(ms, toCatchUpMs ?? 0);

/** Says of the lags of all replicas whether a backfill may go on; asked at each look. */
export type LagJudge = (lags: readonly Lag[]) => Reading;

/** How many intervals a reading may be late all by itself: nothing shorter is told from no lag at all. */
const BLUR = 1.5;

/**
 * A judge that stops early enough for the lag to stay about the limit: it learns from each stop how much further the
 * lag went, and stops that much earlier the next time. Pinned by test/engines/lag.test.ts.
 *
 * @param intervalMs how often what lags are measured by is written
 */
export function lagJudge(maxLagMs: number, intervalMs: number): LagJudge {
  let overshoot = FIRST_OVERSHOOT;
  const blurMs = BLUR * intervalMs;
  let stop: { at: number; peak: number } | null = null;
  const learn = (seen: number) => {
    const remembered = 1 + (overshoot - 1) * REMEMBERED;
    overshoot = Math.min(GREATEST_OVERSHOOT, Math.max(1, seen, remembered));
  };
  return (lags) => {
    const worst = lags.toSorted((a, b) => comingOf(b) - comingOf(a))[0];
    if (worst === undefined) return { ok: true, calm: true, reason: "no replica", lagMs: null };
    const { name, ms, note } = worst;
    const coming = comingOf(worst);
    const from = Math.min(maxLagMs, Math.max(maxLagMs / overshoot, 2 * blurMs));
    const [ok, calm] = [coming <= from, coming <= Math.max(from / 2, blurMs)];
    if (!ok) stop = { at: stop?.at ?? coming, peak: Math.max(stop?.peak ?? 0, coming) };
    else if (calm && stop !== null) {
      learn(stop.peak / stop.at);
      stop = null;
    }
    const early = !ok && ms <= maxLagMs ? ", and falls behind further before it catches up" : "";
    const reason = `replica ${name} is ${seconds(ms)} behind (limit ${seconds(maxLagMs)})${early}${note}`;
    return { ok, calm, reason, lagMs: Math.round(ms) };
  };
}
