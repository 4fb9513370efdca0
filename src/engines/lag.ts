import type { Reading } from "./engine.js";

/** How far behind one replica is. */
export interface Lag {
  readonly name: string;
  readonly ms: number;
  /** How long it will need for what is written already; null where nothing tells. */
  readonly toCatchUpMs: number | null;
  /** What is strange about it, after the figures; "" when nothing is. */
  readonly note: string;
  /** Present, and true, where it was behind already when it was first looked at: how far cannot be known. */
  readonly atLeast?: true;
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

/** What stood before it when it was first looked at may be of any age. */
function tooFar({ name, ms, note }: Lag, maxLagMs: number): Reading {
  const why = "it has not replayed yet what was written before this run looked at it";
  const reason = `replica ${name} is at least ${seconds(ms)} behind (limit ${seconds(maxLagMs)}): ${why}${note}`;
  return { ok: false, calm: false, reason, lagMs: Math.round(ms) };
}

/** How long a replica that was just looked at for the first time is given to show that it is near, milliseconds. */
const SETTLING_MS = 1_000;

/** How often it is looked at meanwhile, milliseconds. */
const SETTLING_LOOK_MS = 20;

/**
 * Looks again, for a second from the beginning, where a replica has yet to show how near it is: one that keeps up does
 * within milliseconds, and nobody need be told that it was waited for.
 *
 * @param since when the looking began, on the clock of `performance`
 */
export async function settled<T>(
  since: number,
  look: () => Promise<T>,
  lagsIn: (found: T) => readonly Lag[],
): Promise<T> {
  for (;;) {
    const found = await look();
    const isKnown = lagsIn(found).every(({ atLeast }) => atLeast !== true);
    if (isKnown || performance.now() - since > SETTLING_MS) return found;
    await new Promise((resolve) => setTimeout(resolve, SETTLING_LOOK_MS));
  }
}

/** How many intervals a reading may be late all by itself: nothing shorter is told from no lag at all. */
const BLUR = 1.5;

/**
 * A judge that stops early enough for the lag to stay about the limit: it learns from each stop how much further the
 * lag went, and stops that much earlier the next time. Pinned by test/engines/lag.test.ts.
 *
 * A replica of which only a lower bound is known is too far behind. A limit that was just changed is judged by alone, as at
 * the beginning.
 *
 * @param limit milliseconds; asked each time, since people change it
 * @param intervalMs how often what lags are measured by is written
 */
export function lagJudge(limit: () => number, intervalMs: number): LagJudge {
  let overshoot = FIRST_OVERSHOOT;
  let before = limit();
  const blurMs = BLUR * intervalMs;
  let stop: { at: number; peak: number } | null = null;
  const learn = (seen: number) => {
    const remembered = 1 + (overshoot - 1) * REMEMBERED;
    overshoot = Math.min(GREATEST_OVERSHOOT, Math.max(1, seen, remembered));
  };
  return (lags) => {
    const worst = lags.toSorted((a, b) => comingOf(b) - comingOf(a))[0];
    if (worst === undefined) return { ok: true, calm: true, reason: "no replica", lagMs: null };
    const maxLagMs = limit();
    const isAnother = maxLagMs !== before;
    before = maxLagMs;
    const unknown = lags.find(({ atLeast }) => atLeast === true);
    if (unknown !== undefined) return tooFar(unknown, maxLagMs);
    const { name, ms, note } = worst;
    const coming = comingOf(worst);
    const from = Math.min(maxLagMs, Math.max(maxLagMs / overshoot, 2 * blurMs));
    const ok = coming <= from;
    const calm = ok && (isAnother || coming <= Math.max(from / 2, blurMs));
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
