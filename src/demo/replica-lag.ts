import { setTimeout as sleep } from "node:timers/promises";
import { connect, type Queryable } from "./database.js";

/** Milliseconds between two beats on the primary, and between two looks at the replica. */
const BEAT_MS = 25;

/** Watches how far a replica is behind, without any of zmigrate's own code. */
export interface LagWatch {
  /** The highest lag that was seen, milliseconds. @throws when beats could not be written or read to the end */
  stop(): Promise<number>;
}

/** When beats were committed, by their number, on this process's clock. */
interface Beats {
  readonly committed: number[];
  /** The newest beat that the replica has shown. */
  seen: number;
  maxLagMs: number;
  going: boolean;
}

/**
 * Writes a counter on the primary and looks for it on the replica. The lag is the age of the oldest beat that the
 * replica does not show yet, 0 when it shows all: the same clock on both ends, so an idle or paused replica is told
 * right, to about 50 ms.
 *
 * @param tell hears each reading, milliseconds
 * @example
 * const lag = await watchLag(pg.url, replica.url);
 * const maxLagMs = await lag.stop();
 */
export async function watchLag(
  primaryUrl: string,
  replicaUrl: string,
  tell: (lagMs: number) => void = () => undefined,
): Promise<LagWatch> {
  const [primary, replica] = await Promise.all([connect(primaryUrl, "demo lag"), connect(replicaUrl, "demo lag")]);
  await primary.query("CREATE SCHEMA demo");
  await primary.query("CREATE TABLE demo.beat AS SELECT 0 AS n");
  const beats: Beats = { committed: [performance.now()], seen: -1, maxLagMs: 0, going: true };
  await firstBeat(replica, beats);
  const loops = Promise.all([write(primary, beats), look(replica, beats, tell)]);
  // It is told by stop(): until then a failure must not end the process.
  loops.catch(() => undefined);
  return Object.freeze({
    async stop() {
      beats.going = false;
      await loops.finally(() => Promise.all([primary.close(), replica.close()]));
      return beats.maxLagMs;
    },
  });
}

/** The table itself must reach the replica before it can be read there. */
async function firstBeat(replica: Queryable, beats: Beats): Promise<void> {
  while (beats.seen < 0) {
    beats.seen = await beatOn(replica).catch(() => -1);
    await sleep(BEAT_MS);
  }
}

const beatOn = async (db: Queryable): Promise<number> => Number((await db.query("SELECT n FROM demo.beat")).rows[0]?.n);

async function write(primary: Queryable, beats: Beats): Promise<void> {
  while (beats.going) {
    const n = beats.committed.length;
    await primary.query("UPDATE demo.beat SET n = $1", [n]);
    beats.committed.push(performance.now());
    await sleep(BEAT_MS);
  }
}

async function look(replica: Queryable, beats: Beats, tell: (lagMs: number) => void): Promise<void> {
  while (beats.going) {
    const asked = performance.now();
    beats.seen = await beatOn(replica);
    const unseen = beats.committed[beats.seen + 1];
    // A beat that was committed after the question says nothing about the answer.
    const lagMs = unseen !== undefined && unseen < asked ? performance.now() - unseen : 0;
    beats.maxLagMs = Math.max(beats.maxLagMs, lagMs);
    tell(lagMs);
    await sleep(BEAT_MS);
  }
}
