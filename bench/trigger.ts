import { type Connection, connect } from "../src/demo/database.js";
import { startPostgres } from "../src/demo/embedded-postgres.js";
import { type Row, row } from "./row.js";
import { applied, inProject } from "./support.js";

const ROWS = 100_000;

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
  ALTER TABLE accounts ADD COLUMN email_address text;
  CREATE TRIGGER peer_sync BEFORE INSERT OR UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION peer_sync()`;

/** Milliseconds of an UPDATE of all rows that names no column of the change. */
async function unrelatedUpdate(db: Connection): Promise<number> {
  await db.query("VACUUM accounts");
  await db.query("CHECKPOINT");
  const began = performance.now();
  await db.query("UPDATE accounts SET note = 'y' || note");
  return performance.now() - began;
}

async function anew(db: Connection): Promise<void> {
  await db.query(FILL);
  await db.query("DROP SCHEMA IF EXISTS zmigrate CASCADE");
  await db.query("VACUUM (ANALYZE, FREEZE) accounts");
}

/** What an UPDATE of another column takes while a column is renamed, beside none and beside a trigger like pgroll's. */
export async function benchTrigger(): Promise<readonly Row[]> {
  const pg = await startPostgres({ settings: { shared_buffers: "512MB", max_wal_size: "8GB", autovacuum: "off" } });
  try {
    const db = await connect(pg.url, "bench");
    const [none, ours, peer]: number[][] = [[], [], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      await anew(db);
      // The column is there in all three ways: a row is as wide.
      await db.query("ALTER TABLE accounts ADD COLUMN email_address text");
      none?.push(await unrelatedUpdate(db));
      await anew(db);
      await inProject((folder) => applied(pg.url, folder, ["--phase", "expand"], () => undefined));
      ours?.push(await unrelatedUpdate(db));
      await anew(db);
      await db.query(PEER);
      peer?.push(await unrelatedUpdate(db));
    }
    await db.close();
    const [bare, mine, theirs] = [none, ours, peer].map((ms) => Math.min(...(ms ?? []))) as [number, number, number];
    return [
      row("UPDATE of another column under our trigger", "no trigger", mine, bare, 1.05),
      row("UPDATE of another column under our trigger", "a trigger as pgroll's", mine, theirs, 1),
    ];
  } finally {
    await pg.stop();
  }
}
