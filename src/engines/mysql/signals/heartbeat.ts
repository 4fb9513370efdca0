import type { LagOptions, Signal } from "../../engine.js";
import { type Kept, within } from "../../kept.js";
import { type Lag, lagJudge, settled } from "../../lag.js";
import { stop } from "../../reading.js";
import { regularly } from "../../regularly.js";
import { replicaReason, replicaUnusable } from "../../replica.js";
import { classify, describe } from "../execute/errors.js";
import { type Beats, beatsOf } from "./beat.js";
import { ANSWER_MS, type Member, type ReplicaSet } from "./replica-set.js";

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** After this long without a single beat a replica is more likely not to get them than to be late, milliseconds. */
const STRANGE_MS = 10_000;

/** Behind by so much a replica may be one no more, milliseconds. */
const LATE_MS = 3_000;

/** How long a beat that is under way is waited for in the end, milliseconds: a COMMIT may wait without an end. */
const CLOSING_MS = 2_000;

/** Why a replica's lag cannot be read. */
interface Blind {
  readonly blind: string;
}

/** Now minus the time of the newest beat that the replica shows; while it shows none it may be behind by any time. */
async function lagOf(member: Member, beats: Beats): Promise<Lag | Blind> {
  if (member.session === null) return { blind: member.reason };
  try {
    const newest = await within(ANSWER_MS, beats.newestOn(member.session));
    const ms = Math.max(0, performance.now() - (newest ?? beats.since));
    const strange = newest === null && ms > STRANGE_MS;
    if (ms > LATE_MS) member.doubt();
    return {
      name: member.name,
      ms,
      toCatchUpMs: null,
      ...(newest === null ? { atLeast: true as const } : {}),
      note: strange ? "; it has shown no heartbeat: does it replicate this database?" : "",
    };
  } catch (error) {
    member.drop();
    return { blind: replicaReason(replicaUnusable(member.name, error, { classify, describe })) };
  }
}

const lagsIn = (found: readonly (Lag | Blind)[]): Lag[] => found.filter((lag) => "ms" in lag);

/** Beats on a timer; a beat that cannot be written is a reason to stop, since lag would look like it. */
function pulse(beats: Beats, intervalMs: number): { problem(): string | null; stop(): Promise<void> } {
  let problem: string | null = null;
  let writtenAt = performance.now();
  const tick = async () => {
    try {
      await beats.write();
      writtenAt = performance.now();
      problem = null;
    } catch (error) {
      problem = `the heartbeat cannot be written: ${describe(error)}`;
    }
  };
  const ticking = regularly(intervalMs, tick);
  return {
    problem() {
      const silent = performance.now() - writtenAt;
      if (problem === null && silent > intervalMs * 5 + 1000) return `no heartbeat was written for ${seconds(silent)}`;
      return problem;
    },
    async stop() {
      await within(CLOSING_MS, ticking.stop()).catch(() => undefined);
    },
  };
}

/**
 * The lag of the replicas, by a row that is written on the primary with this process's clock and read on each replica:
 * right on an idle primary, a stopped replica and a chain of them, where Seconds_Behind_Source is not.
 *
 * @param writer a connection of the signal's own, opened again when it is lost; it is closed with it
 */
export async function heartbeatSignal(writer: Kept, replicas: ReplicaSet, options: LagOptions): Promise<Signal> {
  const judge = lagJudge(options.maxLagMs, options.intervalMs);
  let beating: { beats: Beats; pulse: ReturnType<typeof pulse> } | null = null;
  const beat = async () => {
    if (beating !== null) return beating;
    const beats = await beatsOf(writer.session);
    beating = { beats, pulse: pulse(beats, options.intervalMs) };
    return beating;
  };
  return {
    name: "replica lag",
    async read() {
      try {
        const members = await replicas.members();
        const gap = replicas.incomplete();
        if (gap !== null) return stop(gap);
        if (members.length === 0) return judge([]);
        const { beats, pulse: heart } = await beat();
        const problem = heart.problem();
        if (problem !== null) return stop(problem);
        const look = () => Promise.all(members.map((member) => lagOf(member, beats)));
        const found = await settled(beats.since, look, lagsIn);
        const blind = found.find((lag) => "blind" in lag);
        return blind === undefined ? judge(lagsIn(found)) : stop(blind.blind);
      } catch (error) {
        return stop(`the lag of replicas cannot be read: ${describe(error)}`);
      }
    },
    async close() {
      await beating?.pulse.stop();
      await within(CLOSING_MS, beating?.beats.forget() ?? Promise.resolve()).catch(() => undefined);
      await Promise.all([writer.close(), replicas.close()]);
    },
  };
}
