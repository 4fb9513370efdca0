/** `npm run watched`: a long backfill with a pause, a kill and a second process, told line by line, and every row compared. */
import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { type Connection, connect } from "../src/demo/database.js";
import { startPostgres } from "../src/demo/embedded-postgres.js";
import { latenciesOf } from "../src/demo/latency.js";
import { watchLag } from "../src/demo/replica-lag.js";
import { applied, inProject } from "./support.js";

const ROWS = Number(process.env.ZMIGRATE_BENCH_ROWS ?? 10_000_000);

const CLI = resolve("dist/src/start.cjs");
const ID = "20260101000000";

/** How long it is paused, milliseconds. */
const PAUSE_MS = 10_000;

/** Between two lines about rows, milliseconds. */
const EVERY_MS = 10_000;

/** Between two rounds of writes of the old code: one row each is inserted, changed and deleted. */
const ROUND_MS = 40;

const SETTINGS = { shared_buffers: "512MB", max_wal_size: "4GB" };

const began = performance.now();
const told = (line: string): void => {
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  process.stdout.write(`${seconds.padStart(6)} s  ${line}\n`);
};

const many = (rows: number): string => rows.toLocaleString("en");

/** Old code, which knows `email` alone, for as long as it is not stopped. */
async function oldCode(db: Connection, until: AbortSignal): Promise<number[]> {
  const took: number[] = [];
  const timed = async (sql: string, params: readonly unknown[]): Promise<void> => {
    const start = performance.now();
    await db.query(sql, [...params]);
    took.push(performance.now() - start);
  };
  const any = () => 1 + Math.floor(Math.random() * ROWS);
  for (let n = 1; !until.aborted; n += 1) {
    await timed("INSERT INTO accounts VALUES ($1, $2, 'new')", [ROWS + n, `new${n}@example.com`]);
    await timed("UPDATE accounts SET email = $1 WHERE id = $2", [`changed${n}@example.com`, any()]);
    await timed("DELETE FROM accounts WHERE id = $1", [any()]);
    await sleep(ROUND_MS);
  }
  return took;
}

/** A process that runs the backfill, under a name. */
interface Runner {
  readonly child: ChildProcess;
  /** Its exit code; null where a signal has ended it. */
  readonly ended: Promise<number | null>;
  /** How many batches it has told of. */
  batches(): number;
}

function startRunner(name: string, url: string, replicaUrl: string, folder: string): Runner {
  const args = ["apply", "--json", "--release", "watched", "--max-lag", "1s", "--replica-url", replicaUrl];
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: folder,
    env: { ...process.env, DATABASE_URL: url },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  let [batches, waited] = [0, Number.NEGATIVE_INFINITY];
  lines.on("line", (line) => {
    const event = JSON.parse(line) as {
      event: string;
      kind?: string;
      mismatches?: number;
      state?: string;
      reason?: string;
    };
    if (event.event === "step-started" && (event.kind === "backfill" || event.kind === "verify"))
      told(`${name}: ${event.kind} begins`);
    if (event.event === "batch") batches += 1;
    if (event.event === "verified") told(`${name}: compared, ${event.mismatches} mismatching rows`);
    if (event.event === "throttled" && performance.now() - waited > EVERY_MS) {
      waited = performance.now();
      told(`${name}: waits: ${event.reason}`);
    }
  });
  told(`${name} started`);
  return { child, ended: new Promise((done) => child.once("close", done)), batches: () => batches };
}

async function run(url: string, folder: string, ...args: string[]): Promise<void> {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: folder,
    env: { ...process.env, DATABASE_URL: url },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const code = await new Promise((done) => child.once("close", done));
  if (code !== 0) throw new Error(`zmigrate ${args.join(" ")} ended with ${code}`);
}

/** Rows that batches have gone past, as the journal has it. */
async function rowsDone(db: Connection): Promise<number> {
  const { rows } = await db.query("SELECT coalesce(sum(rows_done), 0) AS done FROM zmigrate.backfills");
  return Number(rows[0]?.done ?? 0);
}

async function reached(db: Connection, share: number): Promise<number> {
  for (;;) {
    const done = await rowsDone(db);
    if (done >= share * ROWS) return done;
    await sleep(200);
  }
}

async function watched(): Promise<boolean> {
  told(`a table of ${many(ROWS)} rows is filled`);
  const pg = await startPostgres({ replica: true, settings: SETTINGS });
  const stop = new AbortController();
  try {
    const { replica } = pg;
    if (replica === null) throw new Error("there is no replica");
    const [db, old] = [await connect(pg.url, "watched"), await connect(pg.url, "old code")];
    await db.query(`
      CREATE TABLE accounts (id bigint PRIMARY KEY, email text NOT NULL, note text);
      INSERT INTO accounts SELECT n, 'user' || n || '@example.com', repeat('x', 100) FROM generate_series(1, ${ROWS}) n`);
    await db.query("VACUUM (ANALYZE) accounts");
    const lag = await watchLag(pg.url, replica.url);
    return await inProject(async (folder) => {
      await applied(pg.url, folder, ["--phase", "expand"], () => undefined);
      told("expanded; old code inserts, changes and deletes rows throughout");
      const writes = oldCode(old, stop.signal);
      let [last, since] = [0, performance.now()];
      const ticks = setInterval(() => {
        void rowsDone(db).then((done) => {
          if (done === last) return;
          const rate = Math.round(((done - last) * 1_000) / (performance.now() - since));
          told(`${many(done)} rows, ${many(rate)}/s`);
          [last, since] = [done, performance.now()];
        });
      }, EVERY_MS);
      const first = startRunner("A", pg.url, replica.url, folder);
      await reached(db, 0.2);
      await run(pg.url, folder, "pause", ID);
      await sleep(1_000);
      const paused = await rowsDone(db);
      told(`paused at ${many(paused)} rows`);
      await sleep(PAUSE_MS);
      const moved = (await rowsDone(db)) - paused;
      told(`${many(moved)} rows in ${PAUSE_MS / 1_000} s of pause`);
      await run(pg.url, folder, "resume", ID);
      await reached(db, 0.4);
      first.child.kill("SIGKILL");
      await first.ended;
      told(`A killed (SIGKILL) at ${many(await rowsDone(db))} rows`);
      const second = startRunner("B", pg.url, replica.url, folder);
      await reached(db, 0.6);
      const third = startRunner("C", pg.url, replica.url, folder);
      const codes = await Promise.all([second.ended, third.ended]);
      clearInterval(ticks);
      told(
        `B and C ended with ${codes.join(" and ")}; they told of ${second.batches()} and ${third.batches()} batches`,
      );
      stop.abort();
      const latencies = latenciesOf(await writes);
      const lagMs = await lag.stop();
      const { rows } = await db.query(
        "SELECT count(*) AS all, count(*) FILTER (WHERE email_address IS DISTINCT FROM email) AS wrong FROM accounts",
      );
      const wrong = Number(rows[0]?.wrong);
      told(
        `${many(Number(rows[0]?.all))} rows, ${wrong} of them wrong; greatest lag of the replica ${Math.round(lagMs)} ms`,
      );
      told(
        `statements of the old code: none failed, p99 ${latencies.p99Ms.toFixed(1)} ms, longest ${latencies.maxMs.toFixed(0)} ms`,
      );
      await Promise.all([db.close(), old.close()]);
      return wrong === 0 && moved === 0 && codes.every((code) => code === 0);
    });
  } finally {
    stop.abort();
    await pg.stop();
  }
}

process.exitCode = (await watched()) ? 0 : 1;
