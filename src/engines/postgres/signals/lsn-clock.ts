import type { LagOptions, Reading, Session, Signal } from "../../engine.js";
import { kept } from "../../kept.js";
import { type Lag, lagJudge, settled } from "../../lag.js";
import { stop } from "../../reading.js";
import { regularly } from "../../regularly.js";
import { type ReplayRate, replayRate } from "../../replay-rate.js";
import { describe } from "../execute/errors.js";
import { namedReplicas, type Positions, positions, type ReplicaPosition } from "./replicas.js";

/** How long the clock remembers at least, in milliseconds: the longest lag that it can tell apart. */
const MEMORY_MS = 15 * 60_000;

/** When the primary stood where: appended each tick, read by binary search. */
export interface LsnClock {
  add(at: number, written: bigint): void;
  /** Milliseconds since the primary passed a position, at least; 0 when it has not written beyond it. */
  lag(now: number, replayed: bigint): number;
  /** False for a position that the primary had passed when the clock began, or that it has forgotten: by then any time ago. */
  knows(replayed: bigint): boolean;
}

/**
 * A replica's lag is now minus the time at which the primary passed what the replica has replayed. It is right on an
 * idle primary, a paused and a resumed replica, where `replay_lag` and `pg_last_xact_replay_timestamp` are not.
 *
 * @param memoryMs how long it remembers
 */
export function lsnClock(memoryMs: () => number = () => MEMORY_MS): LsnClock {
  let samples: { at: number; written: bigint }[] = [];
  return {
    add(at, written) {
      if (samples.at(-1)?.written === written) return;
      samples.push({ at, written });
      if (samples.length > 10_000) samples = samples.filter((s) => s.at > at - memoryMs());
    },
    lag(now, replayed) {
      let low = 0;
      let high = samples.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((samples[middle]?.written ?? 0n) > replayed) high = middle;
        else low = middle + 1;
      }
      const passed = samples[low];
      return passed === undefined ? 0 : Math.max(0, now - passed.at);
    },
    knows: (replayed) => (samples[0]?.written ?? 0n) <= replayed,
  };
}

/** One whose position can be read. */
interface Replayed extends ReplicaPosition {
  readonly replayed: bigint;
}

const isSeen = (replica: ReplicaPosition): replica is Replayed => replica.replayed !== null;

/** What was found of the replicas at one look. */
interface Look {
  readonly lags: readonly Lag[];
  /** Why nothing can be said; null where it can. */
  readonly blind: string | null;
}

/** Where the signal's sessions come from. */
export interface LagSources {
  /** A session on the primary. */
  primary(): Promise<Session>;
  /** A session on a replica that was named. @throws ZmigrateError replica-unusable */
  replica(primary: Session, url: string): Promise<Session>;
  /** Replicas that nobody waits for. */
  readonly ignored?: readonly string[];
}

/**
 * The lag of all replicas that the primary knows and of those given by URL. A replica that was seen and is gone, or
 * whose position cannot be read, counts as too far behind. Sessions that are lost are opened again.
 */
export async function lsnClockSignal(sources: LagSources, options: LagOptions): Promise<Signal> {
  const primary = kept(sources.primary);
  const named = namedReplicas(options.replicaUrls, async (url) => sources.replica(await primary.session(), url));
  const clock = lsnClock(() => Math.max(MEMORY_MS, 2 * options.maxLagMs()));
  const judge = lagJudge(options.maxLagMs, options.intervalMs);
  const now = () => performance.now();
  const rates = new Map<string, ReplayRate>();
  const began = now();
  const lagOf = ({ name, replayed }: Replayed, written: bigint): Lag => {
    const rate = rates.get(name) ?? replayRate(options.intervalMs);
    rates.set(name, rate);
    const toCatchUpMs = rate.toCatchUp(now(), written, replayed);
    const known = clock.knows(replayed) ? {} : { atLeast: true as const };
    return { name, ms: clock.lag(now(), replayed), toCatchUpMs, note: "", ...known };
  };
  const seen = new Set<string>();
  const tick = async (): Promise<Positions> => {
    const found = await positions(await primary.session(), sources.ignored);
    clock.add(now(), found.written);
    return found;
  };
  await tick();
  const ticking = regularly(options.intervalMs, tick);
  const look = async (): Promise<Look> => {
    const mine = await named.positions();
    const found = await tick();
    const present = new Set(found.replicas.map((r) => r.name));
    const missing = [...seen].filter((name) => !present.has(name));
    // Without pg_monitor a replica has no name and no position; both appear when it is granted.
    for (const r of found.replicas) if (isSeen(r)) seen.add(r.name);
    const all = [...mine, ...found.replicas];
    const gone = missing.length > 0 ? `replica ${missing.join(", ")} was seen before and is gone` : null;
    const blind = all.find((r) => !isSeen(r))?.why ?? gone;
    return { lags: all.filter(isSeen).map((r) => lagOf(r, found.written)), blind };
  };
  const read = async (): Promise<Reading> => {
    const { lags, blind } = await settled(began, look, (found) => found.lags);
    return blind === null ? judge(lags) : stop(blind);
  };
  const unreadable = (error: unknown) => stop(`the primary's position cannot be read: ${describe(error)}`);
  return {
    name: "replica lag",
    read: () => read().catch(unreadable),
    async close() {
      await ticking.stop();
      await Promise.all([primary.close(), named.close()]);
    },
  };
}
