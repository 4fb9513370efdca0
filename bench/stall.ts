import { type Connection, connect } from "../src/demo/database.js";
import { startPostgres } from "../src/demo/embedded-postgres.js";
import { latenciesOf } from "../src/demo/latency.js";
import { type Row, row } from "./row.js";
import { applied, inProject, type Told } from "./support.js";

const ROWS = 100_000;

const WRITERS = 8;

/** Renames that are made, each on a table of its own rows: their swaps are what is timed. */
const ROUNDS = 20;

/** DESIGN's: what a step waits for a lock unless it is told otherwise, and how long a swap may hold its own. */
const [LOCK_TIMEOUT_MS, SWAP_MS] = [2_000, 50];

const FILL = `
  DROP TABLE IF EXISTS accounts;
  CREATE TABLE accounts (id bigint PRIMARY KEY, email text NOT NULL, note text);
  INSERT INTO accounts SELECT n, 'user' || n || '@example.com', repeat('x', 100) FROM generate_series(1, ${ROWS}) n`;

/** Writes one row after the other for as long as it is not ended. A statement that fails ends the bench. */
async function write(db: Connection, until: AbortSignal, tell: (ms: number) => void): Promise<void> {
  while (!until.aborted) {
    const began = performance.now();
    await db.query("UPDATE accounts SET note = $1 WHERE id = $2", [
      String(began),
      1 + Math.floor(Math.random() * ROWS),
    ]);
    tell(performance.now() - began);
  }
}

/** What eight writers that never pause feel of renames, and how long the swaps of these take, waiting included. */
export async function benchStall(): Promise<readonly Row[]> {
  const pg = await startPostgres();
  const ended = new AbortController();
  try {
    const db = await connect(pg.url, "bench");
    const lanes = await Promise.all(Array.from({ length: WRITERS }, () => connect(pg.url, "bench writer")));
    const swaps: number[] = [];
    let longest = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      await db.query(FILL);
      await db.query("DROP SCHEMA IF EXISTS zmigrate CASCADE");
      const stop = new AbortController();
      const writing = lanes.map((lane) =>
        write(lane, AbortSignal.any([stop.signal, ended.signal]), (ms) => {
          longest = Math.max(longest, ms);
        }),
      );
      const swapped = ({ event, phase, ms }: Told): void => {
        if (event === "step-done" && phase === "contract") swaps.push(ms ?? Number.NaN);
      };
      await inProject(async (folder) => {
        await applied(pg.url, folder, [], () => undefined);
        await applied(pg.url, folder, ["--contract", "--release", "next"], swapped);
      });
      stop.abort();
      await Promise.all(writing);
    }
    await Promise.all([...lanes, db].map((c) => c.close()));
    if (swaps.length < ROUNDS) throw new Error(`${swaps.length} of ${ROUNDS} swaps were seen`);
    return [
      row(`longest stall of ${WRITERS} writers in ${ROUNDS} renames`, "lock timeout", longest, LOCK_TIMEOUT_MS, 1),
      row(`a swap beside ${WRITERS} writers, p99 of ${ROUNDS}`, "50 ms", latenciesOf(swaps).p99Ms, SWAP_MS, 1),
    ];
  } finally {
    ended.abort();
    await pg.stop();
  }
}
