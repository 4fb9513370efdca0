import { describe, expect, it, onTestFinished, vi } from "vitest";
import { engineFor } from "../../src/config/engine.js";
import type { Session } from "../../src/engines/engine.js";
import { opened, type Renewable } from "../../src/engines/opened.js";
import { suite } from "../scenarios/support/suite.js";
import { describeServer, describeServers, query } from "../servers/index.js";

/** All that a session has of its own. */
const STATE = `SELECT name, setting FROM pg_settings
  UNION ALL SELECT 'user', current_user || ' ' || session_user || ' ' || current_database() || ' ' || current_schema()
  UNION ALL SELECT 'lock', locktype FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory'
  UNION ALL SELECT 'statement', name FROM pg_prepared_statements
  UNION ALL SELECT 'table', relname FROM pg_class WHERE relnamespace = pg_my_temp_schema() ORDER BY 1, 2`;

const MESS = [
  "SET search_path = pg_catalog; SET datestyle = 'German'; SET statement_timeout = '77s'; SET my.own = 'x'",
  "SET ROLE pg_monitor",
  "CREATE TEMP TABLE users (id int)",
  "SELECT pg_advisory_lock(1, 2)",
  "PREPARE p AS SELECT 1",
];

const OPTIONS = Object.freeze({ connectTimeoutMs: 10_000, applicationName: "zmigrate test" });

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const { after } = suite();
  const isPostgres = server.name === "postgres";

  async function scene() {
    const db = await server.createDatabase("opened");
    after(db.drop);
    const database = await (await engineFor(server.name)).connect(db.url, OPTIONS);
    after(() => database.close());
    return { db, database };
  }

  it("is another connection where the former one was left in a transaction or a statement, which end at once", async () => {
    const { db, database } = await scene();
    await query(db.url, "CREATE TABLE t (id int PRIMARY KEY)");
    const inOne = await database.open();
    await inOne.query(isPostgres ? "BEGIN" : "START TRANSACTION");
    await inOne.query("INSERT INTO t VALUES (1)");
    await inOne.close();
    expect(await query(db.url, "SELECT * FROM t FOR UPDATE")).toEqual([]);
    const busy = await database.open();
    const asked = busy.query(isPostgres ? "SELECT pg_sleep(60)" : "SELECT SLEEP(60)").catch((error: unknown) => error);
    await busy.close();
    expect(await asked).not.toEqual([]);
    expect((await database.open()).id).not.toBe(busy.id);
  });

  it("ends with the database, and where the server has ended it, nobody gets it", async () => {
    const { db, database } = await scene();
    const lists = isPostgres
      ? "SELECT pid AS id FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
      : "SELECT ID AS id FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND ID <> CONNECTION_ID()";
    const ids = async () => (await query(db.url, lists)).map((row) => Number(row.id));
    const [id] = await ids();
    expect(database.ownSessions()).toEqual([id]);
    const first = await database.open();
    expect(first.id).toBe(id);
    if (isPostgres) await first.close();
    await query(db.url, isPostgres ? `SELECT pg_terminate_backend(${first.id})` : `KILL ${first.id}`);
    await expect.poll(() => database.ownSessions()).toEqual([]);
    const [second, third] = [await database.open(), await database.open()];
    expect(await second.query("SELECT 'x' AS one")).toEqual([{ one: "x" }]);
    await second.close();
    await database.close();
    await third.close();
    await expect.poll(ids).toEqual([]);
  });
});

describeServer("postgres", (server) => {
  const { after } = suite();
  const stateOf = async (session: Session) => (await session.query(STATE)).map((row) => Object.values(row));

  async function databaseOf(url: string) {
    const database = await (await engineFor("postgres")).connect(url, OPTIONS);
    after(() => database.close());
    return database;
  }

  it("is the same connection for who comes next, and has nothing of who had it before", async () => {
    const db = await server.createDatabase("opened");
    after(db.drop);
    const database = await databaseOf(db.url);
    const fresh = await database.open();
    const as = await stateOf(fresh);
    for (const statement of MESS) await fresh.query(statement);
    expect(await stateOf(fresh)).not.toEqual(as);
    await fresh.close();
    const next = await database.open();
    expect(next.id).toBe(fresh.id);
    expect(await stateOf(next)).toEqual(as);
    expect(await query(db.url, "SELECT pg_try_advisory_lock(1, 2) AS free")).toEqual([{ free: true }]);
    await expect(fresh.query("SELECT 1")).rejects.toThrow(/not queryable/);
    await fresh.close();
    expect((await database.open()).id).not.toBe(next.id);
    expect(await next.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  it("has the role that a new session of this user begins with", async () => {
    const { name, url, drop } = await server.createDatabase("opened");
    after(drop);
    await query(
      url,
      `CREATE ROLE ${name}_owner; CREATE ROLE ${name} LOGIN PASSWORD 'x' IN ROLE ${name}_owner; ALTER ROLE ${name} SET role = '${name}_owner'`,
    );
    after(async () => void (await query(server.url, `DROP ROLE ${name}; DROP ROLE ${name}_owner`)));
    const database = await databaseOf(url.replace(/\/\/[^@]*@/, `//${name}:x@`));
    const first = await database.open();
    const as = await stateOf(first);
    await first.query("SET ROLE none");
    expect(await stateOf(first)).not.toEqual(as);
    await first.close();
    const next = await database.open();
    expect(next.id).toBe(first.id);
    expect(await stateOf(next)).toEqual(as);
  });
});

describe("sessions that nobody uses", () => {
  const made: { id: number; closed: boolean; renewed: number }[] = [];
  const open = async (): Promise<Renewable> => {
    const one = { id: made.length, closed: false, renewed: 0 };
    made.push(one);
    return {
      ...one,
      lost: new AbortController().signal,
      sent: () => 0,
      query: async () => [],
      close: async () => {
        one.closed = true;
      },
      renew: async () => {
        one.renewed += 1;
      },
    };
  };

  it("are few, and kept for a short time", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const sessions = opened(open);
    const used = await Promise.all([1, 2, 3, 4, 5].map(() => sessions.open()));
    for (const session of used) await session.close();
    expect(made.map((one) => one.closed)).toEqual([false, false, false, true, true]);
    expect(sessions.ids()).toEqual([0, 1, 2]);
    const again = await sessions.open();
    expect(again.id).toBe(0);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(made.map((one) => one.closed)).toEqual([false, true, true, true, true]);
    await sessions.close();
    await again.close();
    expect(made.every((one) => one.closed)).toBe(true);
  });
});
