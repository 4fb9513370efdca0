import { expect, it } from "vitest";
import { createMysqlEngine } from "../../../../src/engines/mysql/index.js";
import { describePrivateServer, describeServer } from "../../../servers/index.js";
import { OPTIONS } from "../support/database.js";

/** What lets a user list replicas: granted, the signal can tell. */
const RIGHT = { mysql: "REPLICATION SLAVE", mariadb: "REPLICATION MASTER ADMIN" } as const;

for (const dialect of ["mysql", "mariadb"] as const) {
  const connect = (url: string, ignoredReplicas: readonly string[] = []) =>
    createMysqlEngine(dialect).connect(url, { ...OPTIONS, ignoredReplicas });

  describeServer(
    dialect,
    (server) => {
      it("fails closed where a named replica cannot be read, or is the primary itself", async () => {
        const db = await server.createDatabase("closed");
        const database = await connect(db.url);
        const nowhere = new URL(db.url);
        nowhere.port = "1";
        for (const [url, reason] of [
          [nowhere.href, /does not answer: nothing listens there/],
          [db.url, /the primary itself/],
        ] as const) {
          const signal = await database.lagSignal({ maxLagMs: () => 1000, replicaUrls: [url], intervalMs: 100 });
          expect(await signal.read()).toMatchObject({ ok: false, calm: false, reason: expect.stringMatching(reason) });
          await signal.close();
          const session = await database.open();
          const patience = { ms: 200, signal: new AbortController().signal };
          expect(await database.replicas(session, [url], patience)).toMatchObject({ caughtUp: false });
          await session.close();
        }
        await db.drop();
      });

      it("goes on beating when its own connection was killed", async () => {
        const db = await server.createDatabase("killed");
        const database = await connect(db.url);
        const session = await database.open();
        const signal = await database.lagSignal({
          maxLagMs: () => 5000,
          replicaUrls: [db.replicaUrl ?? ""],
          intervalMs: 50,
        });
        await expect.poll(() => signal.read(), { timeout: 20_000 }).toMatchObject({ ok: true });
        const mine = await session.query<{ id: string }>(
          "SELECT ID AS id FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND ID <> CONNECTION_ID()",
        );
        for (const { id } of mine) await session.query(`KILL ${id}`);
        await new Promise((resolve) => setTimeout(resolve, 300));
        await expect.poll(() => signal.read(), { timeout: 20_000 }).toMatchObject({ ok: true });
        await signal.close();
        await session.close();
        await db.drop();
      });

      it("says that a beat cannot be written, and ends where one is under way", async () => {
        const db = await server.createDatabase("locked");
        const database = await connect(db.url);
        const other = await database.open();
        const given = { maxLagMs: () => 60_000, replicaUrls: [db.replicaUrl ?? ""], intervalMs: 50 };
        const signal = await database.lagSignal(given);
        await expect.poll(() => signal.read(), { timeout: 20_000 }).toMatchObject({ ok: true });
        await other.query("LOCK TABLES zmigrate_heartbeat READ");
        const reason = expect.stringMatching(/^the heartbeat cannot be written: .*lock/i);
        await expect.poll(() => signal.read(), { timeout: 20_000 }).toMatchObject({ ok: false, reason });
        await other.query("UNLOCK TABLES");
        await expect.poll(() => signal.read(), { timeout: 20_000 }).toMatchObject({ ok: true });
        await other.query("LOCK TABLES zmigrate_heartbeat READ");
        await signal.close();
        await other.close();
        await db.drop();
      });

      it("fails closed for a user who may not see whether there are replicas", async () => {
        const db = await server.createDatabase("blind");
        const database = await connect(db.url);
        const admin = await database.open();
        const [log] = await admin.query<{ v: number }>("SELECT @@GLOBAL.log_bin AS v");
        await admin.query(
          `DROP USER IF EXISTS zm_blind@'%'; CREATE USER zm_blind@'%' IDENTIFIED BY 'pw'; GRANT ALL ON \`${db.name}\`.* TO zm_blind@'%'`,
        );
        const url = new URL(db.url);
        [url.username, url.password] = ["zm_blind", "pw"];
        const signal = await (await connect(url.href)).lagSignal({
          maxLagMs: () => 1000,
          replicaUrls: [],
          intervalMs: 100,
        });
        const reading = await signal.read();
        if (Number(log?.v) === 1)
          expect(reading).toMatchObject({ ok: false, reason: expect.stringContaining(RIGHT[dialect]) });
        await signal.close();
        await admin.query(`GRANT ${RIGHT[dialect]} ON *.* TO zm_blind@'%'`);
        const seeing = await (await connect(url.href)).lagSignal({
          maxLagMs: () => 1000,
          replicaUrls: [],
          intervalMs: 100,
        });
        expect((await seeing.read()).reason).not.toContain("may not list replicas");
        await seeing.close();
        await admin.close();
        await db.drop();
      });
    },
    { replica: true },
  );

  describePrivateServer(dialect, (launch) => {
    it("follows a replica that is stopped and started, found by the primary or named, and cleans up", async () => {
      const own = await launch({ replica: true });
      try {
        const db = await own.createDatabase("lag");
        const database = await connect(db.url);
        const session = await database.open();
        const given = { maxLagMs: () => 1000, replicaUrls: [db.replicaUrl ?? ""], intervalMs: 100 };
        const [named, found] = [
          await database.lagSignal(given),
          await database.lagSignal({ ...given, replicaUrls: [] }),
        ];
        for (const signal of [named, found])
          await expect
            .poll(() => signal.read(), { timeout: 10_000 })
            .toMatchObject({ ok: true, calm: true, lagMs: expect.any(Number) });
        expect(await database.replicas(session, [db.replicaUrl ?? ""])).toMatchObject({ caughtUp: true });
        await own.pauseReplica();
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        for (const signal of [named, found]) {
          const reading = await signal.read();
          expect(reading).toMatchObject({ ok: false, calm: false });
          expect(reading.lagMs ?? 0).toBeGreaterThan(1_000);
        }
        const late = await database.lagSignal({ ...given, maxLagMs: () => 3_600_000 });
        expect(await late.read()).toMatchObject({ ok: false, reason: expect.stringContaining("at least") });
        const patience = { ms: 200, signal: new AbortController().signal };
        expect(await database.replicas(session, [], patience)).toMatchObject({ caughtUp: false });
        const delayed = await connect(db.url, [new URL(db.replicaUrl ?? "").host]);
        const without = await delayed.lagSignal({ ...given, replicaUrls: [] });
        expect(await without.read()).toMatchObject({ ok: true, calm: true });
        expect(await delayed.replicas(session, [], patience)).toMatchObject({ caughtUp: true });
        await without.close();
        await delayed.close();
        await own.resumeReplica();
        for (const signal of [named, found, late])
          await expect.poll(() => signal.read(), { timeout: 15_000 }).toMatchObject({ ok: true, calm: true });
        await Promise.all([named.close(), found.close(), late.close()]);
        expect(await session.query("SELECT writer FROM zmigrate_heartbeat")).toEqual([]);
        await session.close();
      } finally {
        await own.stop();
      }
    });

    it("refuses a replica as target, and says of one that is promoted that it is none any more", async () => {
      const own = await launch({ replica: true });
      try {
        const db = await own.createDatabase("target");
        const database = await connect(db.replicaUrl ?? "");
        const session = await database.open();
        await session.query("SET GLOBAL read_only = 1");
        await expect(database.preflight(session)).rejects.toMatchObject({ code: "read-only-server", exitCode: 3 });
        const primary = await connect(db.url);
        const options = { maxLagMs: () => 1000, replicaUrls: [db.replicaUrl ?? ""], intervalMs: 100 };
        const signal = await primary.lagSignal(options);
        await expect.poll(() => signal.read(), { timeout: 10_000 }).toMatchObject({ ok: true });
        const word = dialect === "mysql" ? "REPLICA" : "SLAVE";
        for (const sql of [`STOP ${word}`, `RESET ${word} ALL`, "SET GLOBAL read_only = 0"]) await session.query(sql);
        await expect
          .poll(async () => (await signal.read()).reason, { timeout: 20_000, interval: 200 })
          .toContain("it replicates from no server, and takes writes");
        await signal.close();
        await session.close();
      } finally {
        await own.stop();
      }
    });
  });
}
