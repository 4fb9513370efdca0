import { execFileSync, spawnSync } from "node:child_process";
import { afterAll, beforeAll, expect, it } from "vitest";
import { engineFor } from "../../src/config/engine.js";
import { slots } from "../../src/engines/postgres/signals/slots.js";
import type { RunEvent } from "../../src/model/event.js";
import { type Control, describePrivateServer, type PrivateServer, query } from "../servers/index.js";
import { openSignal } from "../throttle/support/reader.js";
import { numbers } from "./support/bare.js";
import type { Project } from "./support/cli.js";
import { project } from "./support/cli.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";
import { createUsers, FILE, RENAME, userClient, type Written, wrongRows } from "./support/users.js";

const ROWS = 20_000;

interface Status {
  readonly migrations: readonly { backfill: { rowsDone: number; state: string; waitingFor: string | null } | null }[];
}

const backfillOf = async (p: Project) => {
  const { stdout } = await works(p.run("status", "--json"));
  return (JSON.parse(stdout) as Status).migrations[0]?.backfill;
};

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Sends a signal to a server and to the processes that it made: stopped ones keep their connections and do not answer. */
function signal(server: Control | null, name: "STOP" | "CONT"): void {
  const pid = String(server?.pid());
  // Without children, ps ends with 1.
  const children = spawnSync("ps", ["-o", "pid=", "--ppid", pid], { encoding: "utf8" }).stdout.match(/\d+/g) ?? [];
  execFileSync("kill", [`-${name}`, pid, ...children]);
}

const throttled = (pattern: RegExp) => (e: RunEvent) => e.event === "throttled" && pattern.test(e.reason);

for (const name of ["postgres", "mysql", "mariadb"] as const)
  describePrivateServer(name, (launch) => {
    const { after, client } = suite();
    let server: PrivateServer;
    beforeAll(async () => {
      server = await launch({ replica: true });
    });
    afterAll(() => server.stop());

    it("stops behind a replica that is paused, silent or gone, says which and why, and goes on when it is back", async () => {
      const db = await server.createDatabase("lag");
      await createUsers(db.url, ROWS);
      const p = project(db.url);
      after(async () => p.remove());
      await works(p.run("init", "--engine", name));
      p.write(FILE, `-- zmigrate:batch rows=50 target=2ms\n${RENAME}`);
      const written: Written = new Map();
      const old = await client(db.url, userClient("user_email", "old", ROWS, written));
      const replica = db.replicaUrl ?? "";
      const run = p.start("apply", "--json", "--release", "r1", "--max-lag", "500ms", "--replica-url", replica);
      expect(await run.told((e) => e.event === "batch")).toBe(true);

      await server.pauseReplica();
      expect(await run.told(throttled(/behind \(limit 0\.5 s\)/))).toBe(true);
      const stopped = await backfillOf(p);
      expect(stopped?.waitingFor).toContain("behind");
      await pause(1_000);
      expect((await backfillOf(p))?.rowsDone).toBe(stopped?.rowsDone);
      await server.resumeReplica();
      expect(await run.told((e) => e.event === "batch" && e.rowsDone > (stopped?.rowsDone ?? 0))).toBe(true);

      const at = `replica ${new URL(replica).host}${new URL(replica).pathname}`;
      signal(server.replica, "STOP");
      expect(await run.told(throttled(new RegExp(`${at} does not answer: no answer within 3 s`)))).toBe(true);
      signal(server.replica, "CONT");
      await server.replica?.crash();
      expect(await run.told(throttled(new RegExp(`${at} does not answer: nothing listens there`)))).toBe(true);
      expect((await backfillOf(p))?.state).toBe("running");
      await server.replica?.start();
      await works(run.result);
      await old.stop();
      expect(await wrongRows(db.url, "email_address", ROWS, written)).toEqual([]);
    }, 180_000);

    if (name === "postgres")
      it("stops before a slot has used up the WAL that the server keeps for it", async () => {
        const db = await server.createDatabase("slot");
        const keep = (size: string) =>
          query(db.url, `ALTER SYSTEM SET max_slot_wal_keep_size = '${size}'`).then(() =>
            query(db.url, "SELECT pg_reload_conf()"),
          );
        await query(db.url, "CREATE TABLE t (id int PRIMARY KEY)");
        await query(db.url, "SELECT pg_create_physical_replication_slot('late', true)");
        await keep("160MB");
        const database = await (await engineFor("postgres")).connect(db.url, {
          connectTimeoutMs: 5_000,
          applicationName: "test",
        });
        const signal = openSignal(database, slots, "10GB");
        await signal.reads({ ok: true });
        for (let n = 0; n < 9; n += 1) {
          await query(db.url, `INSERT INTO t VALUES (${n})`);
          await query(db.url, "SELECT pg_switch_wal()");
        }
        await signal.reads(
          { ok: false },
          /the physical replication slot late, which nobody reads from, retains [\d.]+ MB of WAL of the [\d.]+ MB that max_slot_wal_keep_size lets it/,
        );
        await query(db.url, "SELECT pg_drop_replication_slot('late')");
        await signal.reads({ ok: true, calm: true });
        await signal.close();
        await keep("-1");
        await database.close();
      });
    else
      it("makes batches smaller that the binary log's cache does not take", async () => {
        const db = await server.createDatabase("cache");
        await query(db.url, "CREATE TABLE t (id int PRIMARY KEY, c varchar(300) NOT NULL, n int NOT NULL)");
        await query(db.url, `INSERT INTO t SELECT i, REPEAT('x', 300), 0 FROM (${numbers(3_000)}) s`);
        // Sessions take it over when they begin.
        await query(db.url, "SET GLOBAL max_binlog_cache_size = 32768");
        const p = project(db.url);
        after(async () => p.remove());
        await works(p.run("init", "--engine", name));
        p.write(FILE, "UPDATE t SET n = n + 1;\n");
        const { stdout } = await works(p.run("apply", "--json", "--release", "r1"));
        expect(stdout).toMatch(/"batch-retried".*max_binlog_cache_size/);
        const counted = await query(db.url, "SELECT n, COUNT(*) AS times FROM t GROUP BY n");
        expect(counted.map((r) => [Number(r.n), Number(r.times)])).toEqual([[1, 3_000]]);
      });
  });
