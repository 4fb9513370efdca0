import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type Connection, connect } from "../src/demo/database.js";
import { startPostgres } from "../src/demo/embedded-postgres.js";
import { latenciesOf } from "../src/demo/latency.js";
import { watchLag } from "../src/demo/replica-lag.js";
import { chart, type Point } from "./chart.js";
import { type Row, row } from "./row.js";
import { applied, bySteps, inProject } from "./support.js";

const ROWS = Number(process.env.ZMIGRATE_BENCH_ROWS ?? 1_000_000);

/** Where the chart goes; nowhere by default. */
const CHART = process.env.ZMIGRATE_BENCH_CHART ?? "";

/** How long the writes run alone, and behind the backfill, milliseconds. */
const ALONE_MS = 15_000;

const WRITES_A_SECOND = 200;

/** The replica replays for so much of each period, milliseconds: a disk that is a tenth as fast. */
const [PERIOD_MS, REPLAYS_MS] = [50, 5];

const FILL = `
  CREATE TABLE accounts (id bigint PRIMARY KEY, email text NOT NULL, note text);
  INSERT INTO accounts SELECT n, 'user' || n || '@example.com', repeat('x', 100) FROM generate_series(1, ${ROWS}) n`;

/**
 * A server that has run for a while writes its log into files that it has used before. A new one fills a file of 16 MB with
 * zeros each time, while all COMMITs wait: that would be measured in the place of the backfill.
 */
async function usedLog(db: Connection): Promise<void> {
  const sixteenMegabytes =
    "SELECT count(pg_logical_emit_message(false, 'bench', repeat('x', 1000000))) FROM generate_series(1, 16)";
  for (let file = 0; file < 60; file += 1) await db.query(sixteenMegabytes);
  await db.query("CHECKPOINT");
}

/** The process that replays the WAL, among the children of a server. */
function replayOf(server: number): number {
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      const isChild = Number(readFileSync(`/proc/${name}/stat`, "utf8").split(") ")[1]?.split(" ")[1]) === server;
      if (isChild && readFileSync(`/proc/${name}/cmdline`, "utf8").includes("startup")) return Number(name);
    } catch {
      // It has ended meanwhile.
    }
  }
  throw new Error("the replica has no process that replays");
}

/** Stops and continues a process for as long as it is not ended. */
async function slowed(pid: number, until: AbortSignal): Promise<void> {
  while (!until.aborted) {
    process.kill(pid, "SIGSTOP");
    await sleep(PERIOD_MS - REPLAYS_MS);
    process.kill(pid, "SIGCONT");
    await sleep(REPLAYS_MS);
  }
}

/** A write at its time, whether those before it are done or not: it takes from when it should have begun. */
async function writing(lanes: readonly Connection[], until: AbortSignal, tell: (ms: number) => void): Promise<void> {
  const began = performance.now();
  const under: Promise<unknown>[] = [];
  const free = [...lanes];
  for (let n = 0; !until.aborted; n += 1) {
    const due = began + (n * 1_000) / WRITES_A_SECOND;
    await sleep(Math.max(0, due - performance.now()));
    while (free.length === 0) await Promise.race(under);
    const lane = free.pop() as Connection;
    const id = 1 + Math.floor(Math.random() * ROWS);
    const written = lane.query("UPDATE accounts SET note = $1 WHERE id = $2", [`note ${n}`, id]).finally(() => {
      free.push(lane);
      under.splice(under.indexOf(written), 1);
      tell(performance.now() - due);
    });
    under.push(written);
  }
  await Promise.all(under);
}

/**
 * A backfill next to 200 writes a second, with a streaming replica that replays a tenth of the time: its lag, and what
 * the writes take, beside the same writes alone.
 */
export async function benchBesideWrites(): Promise<readonly Row[]> {
  const settings = { shared_buffers: "512MB", min_wal_size: "2GB", max_wal_size: "8GB", checkpoint_timeout: "1h" };
  const pg = await startPostgres({ replica: true, settings });
  const ended = new AbortController();
  try {
    const { replica } = pg;
    const pid = replica?.pid() ?? null;
    if (replica === null || pid === null) throw new Error("there is no replica");
    const db = await connect(pg.url, "bench");
    await db.query(FILL);
    await db.query("VACUUM (ANALYZE) accounts");
    await usedLog(db);
    const lanes = await Promise.all(Array.from({ length: 8 }, () => connect(pg.url, "bench writer")));
    const began = performance.now();
    const at = () => (performance.now() - began) / 1_000;
    const lag: Point[] = [];
    const took: Point[] = [];
    const watch = await watchLag(pg.url, replica.url, (ms) => lag.push({ at: at(), value: ms }));
    const replay = slowed(replayOf(pid), ended.signal);
    const writes = writing(lanes, ended.signal, (ms) => took.push({ at: at(), value: ms }));
    const [from, to] = await inProject(async (folder) => {
      await sleep(ALONE_MS);
      await applied(pg.url, folder, ["--phase", "expand"], () => undefined);
      let [first, last] = [0, 0];
      const see = bySteps(
        "backfill",
        () => (first = at()),
        () => (last = at()),
      );
      await applied(pg.url, folder, ["--max-lag", "1s", "--replica-url", replica.url], see);
      return [first, last];
    });
    await sleep(ALONE_MS / 5);
    ended.abort();
    await Promise.all([writes, replay]);
    await watch.stop();
    await Promise.all([...lanes, db].map((c) => c.close()));
    const during = (points: readonly Point[]) => points.filter((p) => p.at >= from && p.at <= to).map((p) => p.value);
    const alone = took.filter((p) => p.at < ALONE_MS / 1_000).map((p) => p.value);
    if (CHART !== "") writeFileSync(CHART, chart({ lag, took, from, to }));
    const rows = `${ROWS.toLocaleString("en")} rows beside ${WRITES_A_SECOND} writes/s`;
    const greatest = Math.max(...during(lag));
    return [
      row(`lag of the replica, ${rows}`, "2 s", greatest, 2_000, 1),
      row(
        `p99 of the writes, ${rows}`,
        "the writes alone",
        latenciesOf(during(took)).p99Ms,
        latenciesOf(alone).p99Ms,
        1.5,
      ),
    ];
  } finally {
    ended.abort();
    await pg.stop();
  }
}
