import { type Connection, connect } from "../src/demo/database.js";
import { startPostgres } from "../src/demo/embedded-postgres.js";
import { type Row, row } from "./row.js";
import { applied, inProject } from "./support.js";

const ROWS = 100_000;

/** UPDATEs of one row each, as an application sends them. */
const STATEMENTS = 5_000;

/** Rounds of which the shortest of each way is taken; the ways take turns. */
const ROUNDS = 7;

const FILL = `
  DROP TABLE IF EXISTS accounts;
  CREATE TABLE accounts (id bigint PRIMARY KEY, email text NOT NULL, note text) WITH (fillfactor = 50);
  INSERT INTO accounts SELECT n, 'user' || n || '@example.com', repeat('x', 20) FROM generate_series(1, ${ROWS}) n`;

/** As pgroll's: fired by each row, and it decides by the schema that is searched. */
const PEER = `
  CREATE OR REPLACE FUNCTION peer_sync() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE path text := current_setting('search_path');
    BEGIN
      IF path <> 'new_version' THEN NEW.email_address := NEW.email; ELSE NEW.email := NEW.email_address; END IF;
      RETURN NEW;
    END $$;
  CREATE TRIGGER peer_sync BEFORE INSERT OR UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION peer_sync()`;

/** What brings the second column, filled, and keeps it equal or does not. */
const WAYS: Readonly<Record<"none" | "ours" | "peer", (url: string, db: Connection) => Promise<void>>> = {
  async none(_, db) {
    await db.query("ALTER TABLE accounts ADD COLUMN email_address text");
    await db.query("UPDATE accounts SET email_address = email");
  },
  async ours(url, db) {
    await db.query("DROP SCHEMA IF EXISTS zmigrate CASCADE");
    await inProject((folder) => applied(url, folder, [], () => undefined));
  },
  async peer(url, db) {
    await WAYS.none(url, db);
    await db.query(PEER);
  },
};

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Milliseconds of UPDATEs that name no column of the change: of single rows, and one of all. */
async function unrelatedUpdates(db: Connection): Promise<readonly [single: number, all: number]> {
  // What a backfill has left behind is no part of the comparison.
  await db.query("VACUUM (FULL, ANALYZE) accounts");
  await db.query("CHECKPOINT");
  const single = await timed(async () => {
    for (let n = 1; n <= STATEMENTS; n += 1)
      await db.query("UPDATE accounts SET note = $1 WHERE id = $2", [`note ${n}`, n]);
  });
  return [single, await timed(() => db.query("UPDATE accounts SET note = 'y' || note"))];
}

/** What an UPDATE of another column takes when a renamed one is filled and both are kept equal: by us, by pgroll's way, not at all. */
export async function benchTrigger(): Promise<readonly Row[]> {
  const pg = await startPostgres({ settings: { shared_buffers: "512MB", max_wal_size: "8GB", autovacuum: "off" } });
  try {
    const db = await connect(pg.url, "bench");
    const least = { none: [INFINITE, INFINITE], ours: [INFINITE, INFINITE], peer: [INFINITE, INFINITE] };
    for (let round = 0; round < ROUNDS; round += 1)
      for (const way of ["none", "ours", "peer"] as const) {
        await db.query(FILL);
        await WAYS[way](pg.url, db);
        const took = await unrelatedUpdates(db);
        least[way] = took.map((ms, at) => Math.min(ms, least[way][at] ?? INFINITE));
      }
    await db.close();
    const [[bare = 0, bareAll = 0], [mine = 0, mineAll = 0], [theirs = 0, theirsAll = 0]] = [
      least.none,
      least.ours,
      least.peer,
    ];
    const single = `${STATEMENTS.toLocaleString("en")} UPDATEs of another column under our trigger`;
    const all = `an UPDATE of ${ROWS.toLocaleString("en")} rows under our trigger`;
    return [
      row(single, "no trigger", mine, bare, 1.05),
      row(single, "a trigger as pgroll's", mine, theirs, 1),
      row(all, "no trigger", mineAll, bareAll, 1.05),
      row(all, "a trigger as pgroll's", mineAll, theirsAll, 1),
    ];
  } finally {
    await pg.stop();
  }
}

const INFINITE = Number.POSITIVE_INFINITY;
