import { type Connection, connect } from "../src/demo/database.js";
import { startPostgres } from "../src/demo/embedded-postgres.js";
import { benchBesideWrites } from "./beside-writes.js";
import { type Row, row } from "./row.js";
import { applied, bySteps, inProject } from "./support.js";

/** Rows of the table. */
const ROWS = Number(process.env.ZMIGRATE_BENCH_ROWS ?? 1_000_000);

/** pgroll's default: rows that one of its batches touches. */
const TOUCHED = 1_000;

const SETTINGS = { shared_buffers: "512MB", max_wal_size: "8GB", checkpoint_timeout: "1h", autovacuum: "off" };

const FILL = `
  DROP TABLE IF EXISTS accounts;
  CREATE TABLE accounts (id bigint PRIMARY KEY, email text NOT NULL, note text);
  INSERT INTO accounts SELECT n, 'user' || n || '@example.com', repeat('x', 100) FROM generate_series(1, ${ROWS}) n`;

/** The same table anew, its pages written: each way begins with it. */
async function fill(db: Connection): Promise<void> {
  await db.query(FILL);
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

/** Milliseconds of the backfill's step alone, in a run of its own. */
async function ours(url: string, db: Connection, workers: number): Promise<number> {
  await fill(db);
  await db.query("DROP SCHEMA IF EXISTS zmigrate CASCADE");
  return inProject(async (folder) => {
    await applied(url, folder, ["--phase", "expand"], () => undefined);
    let took = Number.NaN;
    const see = bySteps(
      "backfill",
      () => undefined,
      (ms) => {
        took = ms;
      },
    );
    await applied(url, folder, ["--workers", String(workers)], see);
    return took;
  });
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
    await db.close();
    const rows = `${ROWS.toLocaleString("en")} rows`;
    return [
      row(`backfill of ${rows}, one worker`, "one UPDATE", one, statement, 1 / 0.9),
      row(`backfill of ${rows}, two workers`, "one UPDATE", two, statement, 1 / 1.3),
      row(`backfill of ${rows}, one worker`, "touch and trigger", one, touching, 1 / 2),
    ];
  } finally {
    await pg.stop();
  }
}

/** The backfill alone, and beside writes with a replica. */
export const benchBackfill = async (): Promise<readonly Row[]> => [
  ...(await benchAlone()),
  ...(await benchBesideWrites()),
];
