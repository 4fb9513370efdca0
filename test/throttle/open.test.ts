import { afterAll, beforeAll, expect, it } from "vitest";
import { engineFor } from "../../src/config/engine.js";
import type { Database } from "../../src/engines/engine.js";
import { checkSignals, openThrottle } from "../../src/throttle/open.js";
import type { Throttle } from "../../src/throttle/throttle.js";
import { describeServers, query, type TestDatabase } from "../servers/index.js";

const OPTIONS = { connectTimeoutMs: 5_000, applicationName: "zmigrate test" };

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  let db: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    db = await server.createDatabase("throttle");
    const engine = await engineFor(server.name);
    await engine.load();
    database = await engine.connect(db.url, OPTIONS);
    await query(db.url, "CREATE TABLE t (id int PRIMARY KEY, a int)");
    await query(db.url, "INSERT INTO t VALUES (1, 1)");
  });
  afterAll(async () => {
    await database?.close();
    await db?.drop();
  });

  const leftOut: string[] = [];
  const open = (on: Database, signals: Readonly<Record<string, unknown>>): Promise<Throttle> =>
    openThrottle({
      database: on,
      relation: { schema: null, name: "t" },
      maxLagMs: () => 60_000,
      replicaUrls: [],
      env: {},
      signals,
      leftOut: (signal, why) => leftOut.push(`${signal}: ${why}`),
    });

  it("watches by default who waits for a lock, and not where that is not wanted", async () => {
    const [watching, blind] = [await open(database, {}), await open(database, { lockWaiters: false })];
    const [ours, app] = [await database.open(), await database.open()];
    try {
      await expect.poll(() => watching.check(), { interval: 150 }).toMatchObject({ ok: true });
      await ours.query("BEGIN");
      await ours.query("UPDATE t SET a = 2 WHERE id = 1");
      // A session that this process does not count as its own: that of an application.
      const waiting = query(db.url, "UPDATE t SET a = 3 WHERE id = 1");
      await expect
        .poll(() => watching.check(), { timeout: 10_000, interval: 150 })
        .toMatchObject({
          ok: false,
          reason: expect.stringMatching(/^throttle\.lockWaiters: others wait for a lock on t or behind/),
        });
      expect(await blind.check()).toMatchObject({ ok: true });
      await ours.query("COMMIT");
      await waiting;
      await expect.poll(() => watching.check(), { timeout: 10_000, interval: 150 }).toMatchObject({ ok: true });
    } finally {
      await Promise.all([ours.close(), app.close(), watching.close(), blind.close()]);
    }
    // All were given back: those that nobody uses end with the database.
    await database.close();
    expect(database.ownSessions()).toEqual([]);
  });

  it("refuses, before anything is changed, signals that the database does not have, and what they name in vain", () => {
    const check = (signals: Readonly<Record<string, unknown>>) => () =>
      checkSignals(database, { signals, env: {} }, []);
    const foreign = server.name === "postgres" ? "binlogRate" : "walRate";
    expect(check({ [foreign]: 5 })).toThrow(
      `"throttle.${foreign}" in the configuration: ${server.name} has no such signal`,
    );
    expect(check({ [foreign]: false })).toThrow("has no such signal");
    expect(check({ sql: [{ query: "SELECT 1", on: "elsewhere", timeout: 1 }] })).toThrow(
      /"throttle\.sql" .*neither primary/,
    );
    for (const [query, why] of [
      ["DELETE FROM t", "it must be a SELECT"],
      ["SELECT 1; SELECT 2", "it must be one statement"],
      ["SELEC 1", "it does not parse"],
    ] as const)
      expect(check({ sql: [{ query, on: "primary", timeout: 1 }] })).toThrow(
        `"throttle.sql" in the configuration: \`${query}\`: ${why}`,
      );
    expect(check({ lockWaiters: false, activeSessions: 5 })).not.toThrow();
  });

  if (server.name !== "postgres")
    it("leaves out by default what the user may not see, says so once, and stops where it was asked for", async () => {
      const name = db.name.slice(-20);
      await query(db.url, `CREATE USER '${name}'@'%' IDENTIFIED BY 'pw'`);
      await query(db.url, `GRANT ALL ON \`${db.name}\`.* TO '${name}'@'%'`);
      const lists = server.name === "mysql" ? "REPLICATION SLAVE" : "REPLICATION MASTER ADMIN";
      await query(db.url, `GRANT ${lists} ON *.* TO '${name}'@'%'`);
      const url = new URL(db.url);
      [url.username, url.password] = [name, "pw"];
      const owner = await (await engineFor(server.name)).connect(url.href, OPTIONS);
      const [byDefault, asked] = [await open(owner, {}), await open(owner, { lockWaiters: true })];
      try {
        expect(await byDefault.check()).toMatchObject({ ok: true });
        expect(await byDefault.check()).toMatchObject({ ok: true });
        expect(leftOut).toEqual([
          expect.stringMatching(/^lockWaiters: the user \S+ may not see .*; GRANT .* lets it$/),
        ]);
        expect(await asked.check()).toMatchObject({ ok: false, reason: expect.stringContaining("GRANT ") });
      } finally {
        await Promise.all([byDefault.close(), asked.close()]);
        await owner.close();
        await query(db.url, `DROP USER '${name}'@'%'`);
      }
    });
});
