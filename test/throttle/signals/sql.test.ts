import { afterAll, beforeAll, expect, it } from "vitest";
import { engineFor } from "../../../src/config/engine.js";
import type { Database } from "../../../src/engines/engine.js";
import { sql } from "../../../src/throttle/signals/sql.js";
import { describeServers, query, type TestDatabase } from "../../servers/index.js";
import { type Around, openSignal } from "../support/reader.js";

describeServers(
  ["postgres", "mysql", "mariadb"],
  (server) => {
    let db: TestDatabase;
    let database: Database;
    beforeAll(async () => {
      db = await server.createDatabase("sql");
      const engine = await engineFor(server.name);
      await engine.load();
      database = await engine.connect(db.url, { connectTimeoutMs: 5_000, applicationName: "zmigrate test" });
      await query(db.url, "CREATE TABLE queue (n int PRIMARY KEY)");
    });
    afterAll(async () => {
      await database?.close();
      await db?.drop();
    });

    async function read(given: unknown, around: Around = {}) {
      const signal = openSignal(database, sql, given, around);
      return signal.read().finally(() => signal.close());
    }

    it("holds a number to its limit, and goes on when it is below again", async () => {
      const signal = openSignal(database, sql, { query: "SELECT count(*) FROM queue", max: 2, name: "the queue" });
      await signal.reads({ ok: true, calm: true });
      await query(db.url, "INSERT INTO queue VALUES (1), (2), (3)");
      await signal.reads({ ok: false, calm: false }, /^the queue is 3 \(limit 2\)$/);
      await query(db.url, "DELETE FROM queue");
      await signal.reads({ ok: true, calm: true });
      await signal.close();
    });

    it("goes on for true, and stops for false and for what is neither", async () => {
      expect(await read({ query: "SELECT 1 = 1" })).toMatchObject({ ok: true, calm: true });
      expect(await read({ query: "SELECT 1 = 2" })).toMatchObject({ ok: false, reason: "`SELECT 1 = 2` is false" });
      expect((await read({ query: "SELECT 42" })).reason).toContain("give a number its limit with `max`");
      for (const text of ["SELECT n FROM queue", "SELECT NULL", "SELECT 'much'"]) {
        expect(await read({ query: text }), text).toMatchObject({ ok: false });
        expect(await read({ query: text, max: 1 }), text).toMatchObject({
          ok: false,
          reason: expect.stringContaining("no number"),
        });
      }
    });

    it("can only read, and not for long", async () => {
      expect((await read({ query: "DELETE FROM queue" })).reason).toContain("it must be a SELECT");
      expect((await read({ query: "SELECT 1; SELECT 2" })).reason).toContain("it must be one statement");
      expect((await read({ query: "SELECT nonsense" })).reason).toMatch(/cannot be asked: .*nonsense/);
      const sleep = server.name === "postgres" ? "SELECT pg_sleep(5) IS NULL" : "SELECT SLEEP(5), n FROM queue";
      await query(db.url, "INSERT INTO queue VALUES (1), (2)");
      const began = performance.now();
      expect(await read({ query: sleep, timeout: "200ms" })).toMatchObject({ ok: false });
      expect(performance.now() - began).toBeLessThan(4_000);
      await query(db.url, "DELETE FROM queue");
      const reader = await database.openReader({ replicaUrl: null, statementMs: 1_000 });
      await expect(reader.query("INSERT INTO queue VALUES (1)")).rejects.toThrow(/read.only/i);
      await reader.close();
    });

    it("asks the replica that it names", async () => {
      const url = new URL(db.replicaUrl ?? "");
      const isReplica = server.name === "postgres" ? "SELECT pg_is_in_recovery()" : "SELECT @@read_only";
      const around = { replicaUrls: [url.href] };
      expect(await read({ query: isReplica, on: url.host }, around)).toMatchObject({ ok: true });
      expect(await read({ query: isReplica }, around)).toMatchObject({ ok: false });
      const known = { env: {}, replicaUrls: [url.href] };
      const setting = (on: string) => [{ query: "SELECT 1", on, timeout: 1_000 }];
      expect(sql.problem(setting("primary"), known, database.engine)).toBeNull();
      expect(sql.problem(setting(url.hostname), known, database.engine)).toBeNull();
      expect(sql.problem(setting("elsewhere"), known, database.engine)).toContain(
        "neither primary nor the host of a replica",
      );
    });
  },
  { replica: true },
);
