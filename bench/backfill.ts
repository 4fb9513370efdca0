import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Connection, connect } from "../src/demo/database.js";
import { startPostgres } from "../src/demo/embedded-postgres.js";
import { benchBesideWrites } from "./beside-writes.js";
import { type Row, row } from "./row.js";
import { applied, bySteps, inProject } from "./support.js";

/** Rows of the table. */
const ROWS = Number(process.env.ZMIGRATE_BENCH_ROWS ?? 1_000_000);

/** pgroll's default: rows that one of its batches touches. */
const TOUCHED = 1_000;

/** Memory that does not grow with the rows: what the collector of garbage makes of the same is not the same to the byte. */
const FLAT = 1.2;

const SETTINGS = { shared_buffers: "512MB", max_wal_size: "8GB", checkpoint_timeout: "1h", autovacuum: "off" };

const filled = (rows: number): string => `
  DROP TABLE IF EXISTS accounts;
  CREATE TABLE accounts (id bigint PRIMARY KEY, email text NOT NULL, note text);
  INSERT INTO accounts SELECT n, 'user' || n || '@example.com', repeat('x', 100) FROM generate_series(1, ${rows}) n`;

/** The same table anew, its pages written: each way begins with it. */
async function fill(db: Connection, rows = ROWS): Promise<void> {
  await db.query(filled(rows));
  await db.query("VACUUM (ANALYZE) accounts");
  await db.query("CHECKPOINT");
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** What a migration tool must not do: the whole table at once. */
async function oneUpdate(db: Connection): Promise<number> {
  await fill(db);
  await db.query("ALTER TABLE accounts ADD COLUMN email_address text");
  return timed(() => db.query("UPDATE accounts SET email_address = email"));
}

/** As pgroll and reshape do it: rows are touched, and the table's trigger computes. */
async function touched(db: Connection): Promise<number> {
  await fill(db);
  await db.query(`
    ALTER TABLE accounts ADD COLUMN email_address text;
    CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN NEW.email_address := NEW.email; RETURN NEW; END $$;
    CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION touch()`);
  return timed(async () => {
    let last = "0";
    for (;;) {
      const { rows } = await db.query(
        `WITH batch AS (SELECT id FROM accounts WHERE id > $1 ORDER BY id LIMIT ${TOUCHED} FOR NO KEY UPDATE),
              touching AS (UPDATE accounts SET id = accounts.id FROM batch WHERE accounts.id = batch.id RETURNING accounts.id)
         SELECT max(id)::text AS last FROM touching`,
        [last],
      );
      const next = rows[0]?.last;
      if (typeof next !== "string") return;
      last = next;
    }
  });
}

/** What a backfill took. */
interface Backfill {
  /** Its step alone, milliseconds. */
  readonly ms: number;
  /** The most memory that its process held, MB; 0 where it is not told. */
  readonly memory: number;
}

/** A backfill in a run of its own. */
async function ours(url: string, db: Connection, workers: number, rows = ROWS): Promise<Backfill> {
  await fill(db, rows);
  await db.query("DROP SCHEMA IF EXISTS zmigrate CASCADE");
  return inProject(async (folder) => {
    await applied(url, folder, ["--phase", "expand"], () => undefined);
    let ms = Number.NaN;
    const see = bySteps(
      "backfill",
      () => undefined,
      (took) => {
        ms = took;
      },
    );
    const memory = await applied(url, folder, ["--workers", String(workers)], see);
    return { ms, memory };
  });
}

/** What pgroll does for such a change, as a whole: its DDL and its backfill; null where it is not on the PATH. */
async function pgroll(url: string, db: Connection): Promise<number | null> {
  if (spawnSync("pgroll", ["--version"]).error !== undefined) return null;
  await fill(db);
  return inProject(async (folder) => {
    const file = join(folder, "rename_email.json");
    const change = {
      alter_column: { table: "accounts", column: "email", type: "varchar", up: "email", down: "email" },
    };
    writeFileSync(file, JSON.stringify({ operations: [change] }));
    const run = (...args: string[]): void => {
      // It draws each batch of rows on its error output.
      const { status, stderr } = spawnSync("pgroll", args, {
        env: { ...process.env, PGROLL_PG_URL: `${url}?sslmode=disable` },
        stdio: ["ignore", "ignore", "pipe"],
        encoding: "utf8",
      });
      if (status !== 0) throw new Error(`pgroll ${args.join(" ")} ended with ${status}: ${stderr.slice(-1_000)}`);
    };
    run("init");
    run("baseline", "0_baseline", folder, "--yes");
    const took = await timed(async () => run("start", file));
    // It ends with 0 also where it does nothing.
    const { rows: left } = await db.query(
      "SELECT FROM accounts WHERE _pgroll_new_email IS DISTINCT FROM email LIMIT 1",
    );
    if (left.length > 0) throw new Error("pgroll has left rows");
    await db.query("DROP SCHEMA pgroll CASCADE");
    return took;
  });
}

/** The whole of `apply`, to compare with a whole run of another program. */
async function oursWhole(url: string, db: Connection): Promise<number> {
  await fill(db);
  await db.query("DROP SCHEMA IF EXISTS zmigrate CASCADE");
  return inProject((folder) => timed(() => applied(url, folder, [], () => undefined)));
}

/** Times the backfill of a renamed column on an embedded PostgreSQL, beside what one would do without it. */
async function benchAlone(): Promise<readonly Row[]> {
  const pg = await startPostgres({ settings: SETTINGS });
  try {
    const db = await connect(pg.url, "bench");
    const statement = await oneUpdate(db);
    const touching = await touched(db);
    const one = await ours(pg.url, db, 1);
    const two = await ours(pg.url, db, 2);
    const whole = await oursWhole(pg.url, db);
    const few = await ours(pg.url, db, 1, ROWS / 10);
    const many = await ours(pg.url, db, 1, ROWS * 10);
    const peer = await pgroll(pg.url, db);
    await db.close();
    return [
      row(`backfill of ${rows(ROWS)}, one worker`, "one UPDATE", one.ms, statement, 1 / 0.9),
      row(`backfill of ${rows(ROWS)}, two workers`, "one UPDATE", two.ms, statement, 1 / 1.3),
      row(`backfill of ${rows(ROWS)}, one worker`, "touch and trigger", one.ms, touching, 1 / 2),
      row(`all of apply, ${rows(ROWS)}, one worker`, "pgroll start", whole, peer, 1 / 2),
      row(`memory of a backfill of ${rows(ROWS)}`, rows(ROWS / 10), one.memory, few.memory, FLAT, "MB"),
      row(`memory of a backfill of ${rows(ROWS * 10)}`, rows(ROWS / 10), many.memory, few.memory, FLAT, "MB"),
    ];
  } finally {
    await pg.stop();
  }
}

const rows = (count: number): string => `${count.toLocaleString("en")} rows`;

/** The backfill alone, and beside writes with a replica. */
export const benchBackfill = async (): Promise<readonly Row[]> => [
  ...(await benchAlone()),
  ...(await benchBesideWrites()),
];
