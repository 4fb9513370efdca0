import { expect, it } from "vitest";
import { engineFor } from "../../src/config/engine.js";
import type { Database, Session } from "../../src/engines/engine.js";
import { heldBy } from "../../src/engines/held-by.js";
import { prepared } from "../../src/engines/mysql/doctor/prepared.js";
import type { Lock } from "../../src/model/effect.js";
import { connect } from "../scenarios/support/clients.js";
import { suite } from "../scenarios/support/suite.js";
import { describeServers, query } from "../servers/index.js";

/** What INNODB_TRX shows is renewed only when nobody has read it for 100 ms. */
const SELDOM = { interval: 250, timeout: 3_000 };

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const { after } = suite();

  /** Tables a and b, and what looks for whoever holds them. */
  async function scene() {
    const db = await server.createDatabase("held");
    after(db.drop);
    for (const table of ["a", "b"]) await query(db.url, `CREATE TABLE ${table} (id int PRIMARY KEY)`);
    const engine = await engineFor(server.name);
    const database = await engine.connect(db.url, { connectTimeoutMs: 10_000, applicationName: "zmigrate test" });
    after(() => database.close());
    const observer = await database.open();
    after(() => observer.close());
    const schema = server.name === "postgres" ? "public" : db.name;
    const lock = (name: string, mode: string): Lock => ({
      relation: { schema, name },
      mode,
      blocks: "reads",
      held: "brief",
    });
    const strongest = server.name === "postgres" ? "ACCESS EXCLUSIVE" : "MDL EXCLUSIVE";
    return { url: db.url, database, observer, lock, strongest };
  }

  const pids = async (database: Database, observer: Session, locks: readonly Lock[], ms: number) =>
    ((await database.oldHolders?.(observer, locks, ms)) ?? []).map((b) => b.pid);

  it("names the sessions of others whose transactions have used a table for so long, and no others", async () => {
    const { url, database, observer, lock, strongest } = await scene();
    const holder = await connect(url);
    after(() => holder.end());
    const idOf = server.name === "postgres" ? "SELECT pg_backend_pid() AS id" : "SELECT CONNECTION_ID() AS id";
    const [me] = await holder.query(idOf);
    await holder.query("BEGIN");
    await holder.query("SELECT count(*) FROM a");
    const own = await database.open();
    after(() => own.close());
    await own.query("BEGIN");
    await own.query("SELECT count(*) FROM a");
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const found = (names: readonly string[], ms: number, mode = strongest) =>
      pids(
        database,
        observer,
        names.map((name) => lock(name, mode)),
        ms,
      );
    // MariaDB does not tell who holds a table.
    const expected = server.name === "mariadb" ? [] : [Number(me?.id)];
    await expect.poll(() => found(["a", "b"], 1_000), SELDOM).toEqual(expected);
    expect(await found(["b"], 1_000)).toEqual([]);
    expect(await found(["a"], 60_000)).toEqual([]);
    expect(await found(["gone"], 0)).toEqual([]);
    // A reader is in nobody's way who only keeps writers out.
    if (server.name === "postgres") expect(await found(["a"], 1_000, "SHARE ROW EXCLUSIVE")).toEqual([]);
    await holder.query("COMMIT");
    await expect.poll(() => found(["a"], 0), SELDOM).toEqual([]);
  });

  it("names a prepared transaction, which has no session, with what ends it", async ({ skip }) => {
    if (server.name !== "postgres") skip("those of MySQL and MariaDB are tried below");
    const { url, database, observer, lock, strongest } = await scene();
    const [{ most } = {}] = await query(url, "SELECT current_setting('max_prepared_transactions') AS most");
    if (most === "0") skip("the server takes no prepared transactions");
    const client = await connect(url);
    after(() => client.end());
    await client.query("BEGIN");
    await client.query("INSERT INTO a VALUES (1)");
    await client.query("PREPARE TRANSACTION 'it''s'");
    after(() => query(url, "ROLLBACK PREPARED 'it''s'"));
    const holder = expect.objectContaining({
      ...{ pid: 0, prepared: "it's", ageMs: expect.any(Number) },
      query: expect.stringContaining("COMMIT PREPARED 'it''s' or ROLLBACK PREPARED 'it''s'"),
    });
    expect(await database.oldHolders?.(observer, [lock("a", strongest)], 0)).toEqual([holder]);
    expect(await database.oldHolders?.(observer, [lock("b", strongest)], 0)).toEqual([]);
    expect(await database.oldHolders?.(observer, [lock("a", strongest)], 60_000)).toEqual([]);
    for (const sql of ["LOCK TABLE a IN ACCESS EXCLUSIVE MODE", "INSERT INTO a VALUES (1)"]) {
      const waiting = await database.open();
      const waits = waiting.query(sql.startsWith("LOCK") ? `BEGIN; ${sql}` : sql).catch(() => undefined);
      await expect.poll(() => database.blockers(observer, waiting.id)).toEqual([holder]);
      await waiting.close();
      await waits;
    }
    const [found] = await database.blockers(observer, observer.id);
    expect(found).toBeUndefined();
    const [old] = (await database.oldHolders?.(observer, [lock("a", strongest)], 0)) ?? [];
    expect(heldBy(old === undefined ? [] : [old])).toMatch(
      /^the prepared transaction "it's" \(\w+, prepared .* ago\): no session is in it, .* ROLLBACK PREPARED 'it''s'$/,
    );
  });

  /** Prepares an XA transaction that has written to table a, or done something else, and leaves. */
  async function prepare(url: string, xid: string, does = "INSERT INTO a VALUES (1)"): Promise<void> {
    const leaves = await prepareAndStay(url, xid, does);
    await leaves();
  }

  /** @returns ends the session that has prepared it */
  async function prepareAndStay(url: string, xid: string, does: string): Promise<() => Promise<void>> {
    const client = await connect(url);
    for (const sql of [`XA START ${xid}`, does, `XA END ${xid}`, `XA PREPARE ${xid}`]) await client.query(sql);
    after(() => query(url, `XA ROLLBACK ${xid}`));
    return () => client.end();
  }

  it("names a prepared XA transaction, which has no session, with what ends it", async ({ skip }) => {
    if (server.name === "postgres") skip("PostgreSQL has none");
    const { url, database, observer, lock, strongest } = await scene();
    await prepare(url, "'it''s',X'00FF',7");
    const xid = "X'69742773',X'00ff',7";
    const holder = expect.objectContaining({
      ...{ pid: 0, prepared: xid, ageMs: expect.any(Number) },
      query: expect.stringContaining(`XA COMMIT ${xid} or XA ROLLBACK ${xid}`),
    });
    // MariaDB does not tell who holds a table.
    if (server.name === "mysql") {
      const held = (name: string, ms: number) => database.oldHolders?.(observer, [lock(name, strongest)], ms);
      await expect.poll(() => held("a", 0), SELDOM).toEqual([holder]);
      expect(await held("b", 0)).toEqual([]);
      expect(await held("a", 60_000)).toEqual([]);
    }
    for (const sql of ["INSERT INTO a VALUES (1)", "ALTER TABLE a ADD c int, ALGORITHM=INSTANT"]) {
      const waiting = await database.open();
      const waits = waiting.query(sql).catch(() => undefined);
      await expect.poll(() => database.blockers(observer, waiting.id), SELDOM).toContainEqual(holder);
      await waiting.close();
      await waits;
    }
    expect(await database.blockers(observer, observer.id)).toEqual([]);
  });

  it("names a prepared XA transaction that has only read, of which InnoDB knows nothing", async ({ skip }) => {
    if (server.name !== "mysql") skip("MariaDB takes it back when its session goes");
    const { url, database, observer, lock, strongest } = await scene();
    const leaves = await prepareAndStay(url, "'read'", "SELECT * FROM a FOR SHARE");
    const holder = expect.objectContaining({
      ...{ pid: 0, prepared: "read", ageMs: null },
      query: expect.stringContaining("XA COMMIT 'read' or XA ROLLBACK 'read'"),
    });
    const held = (names: readonly string[], ms = 60_000) =>
      database.oldHolders?.(
        observer,
        names.map((name) => lock(name, strongest)),
        ms,
      );
    // Of the session that has prepared it, and then of nobody.
    expect(await held(["a"])).toEqual([holder]);
    await leaves();
    await expect.poll(async () => database.blockers(observer, observer.id)).toEqual([]);
    expect(await held(["a", "b"])).toEqual([holder]);
    expect(await held(["b"])).toEqual([]);
    const waiting = await database.open();
    const waits = waiting.query("ALTER TABLE a ADD c int, ALGORITHM=INSTANT").catch(() => undefined);
    await expect.poll(() => database.blockers(observer, waiting.id)).toEqual([holder]);
    await waiting.close();
    await waits;
    expect(await prepared.look(observer, database.server)).toMatchObject({
      ...{ health: "advice", way: expect.stringContaining("steps that need its tables' locks") },
      found: expect.stringMatching(/is held by the prepared transaction "read": .* XA ROLLBACK 'read'$/),
    });
    // Another one, which writes to another table: no second holder of this one, but perhaps the one.
    await prepare(url, "'both'", "INSERT INTO b SELECT count(*) FROM a");
    const ofTwo = async (names: readonly string[], ms: number) =>
      (await held(names, ms))?.map((one) => [one.prepared, one.query.includes("may be this one of 2")]).sort();
    const [may, does] = [true, false].map((mayBe) => ["both", "read"].map((name) => [name, mayBe]));
    const known = async () => (await held(["b"], 0))?.every(({ ageMs }) => ageMs !== null);
    await expect.poll(known, SELDOM).toBe(true);
    expect(await ofTwo(["b"], 0)).toEqual(may);
    expect(await ofTwo(["a", "b"], 0)).toEqual(does);
    expect(await ofTwo(["a", "b"], 60_000)).toEqual(may);
  });

  it("says of a prepared XA transaction that the user may not see it, and which right lets it", async ({ skip }) => {
    if (server.name !== "mysql") skip("on MariaDB everybody sees them");
    const { url, lock, strongest } = await scene();
    await prepare(url, "'seen'");
    const user = `zm_xa_${process.pid}`;
    await query(url, `CREATE USER '${user}'@'%' IDENTIFIED BY 'xa-s3cret'`);
    after(() => query(url, `DROP USER '${user}'@'%'`));
    await query(url, `GRANT SELECT, PROCESS ON *.* TO '${user}'@'%'`);
    const theirs = Object.assign(new URL(url), { username: user, password: "xa-s3cret" });
    const engine = await engineFor(server.name);
    const database = await engine.connect(theirs.href, { connectTimeoutMs: 10_000, applicationName: "zmigrate test" });
    const observer = await database.open();
    after(() => observer.close());
    const held = async () => heldBy((await database.oldHolders?.(observer, [lock("a", strongest)], 0)) ?? []);
    await expect
      .poll(held, SELDOM)
      .toMatch(
        /^a prepared transaction whose name this user may not see .*GRANT XA_RECOVER_ADMIN ON \*\.\* TO `zm_xa_\d+`@`%`/,
      );
  });
});
