import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { describeServers, query } from "../servers/index.js";
import { project } from "./support/cli.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";
import { createUsers, FILE, ID, RENAME, wrongRows } from "./support/users.js";

const ROWS = 10_000;

// MySQL and MariaDB share all of it: other scenarios take the other one.
describeServers(["postgres", "mariadb"], (server) => {
  const { after } = suite();

  it("a backfill is paused, resumed at another pace and cancelled from another terminal", async () => {
    const db = await server.createDatabase("controls");
    after(db.drop);
    await createUsers(db.url, ROWS);
    const p = project(db.url);
    after(async () => p.remove());
    await works(p.run("init", "--engine", server.name));
    p.write(FILE, `-- zmigrate:batch rows=20 target=1ms\n${RENAME}`);
    const backfill = async () => {
      const { migrations } = JSON.parse((await works(p.run("status", "--json"))).stdout);
      return migrations[0] as {
        next: string;
        backfill: { state: string; waitingFor: string | null; rowsDone: number; rowsPerSecond: number };
      };
    };
    expect(await p.run("pause", ID)).toMatchObject({ code: 2, stderr: expect.stringContaining("no migration") });

    await works(p.run("apply", "--phase", "expand", "--release", "r1"));
    // Whoever comes first: a pause undoes no cancel.
    const [cancelled, refused] = await Promise.all([p.run("cancel", ID), p.run("pause", ID, "--reason", "hold")]);
    expect([cancelled.code, refused.code === 0 || refused.code === 2]).toEqual([0, true]);
    expect(await p.run("pause", ID)).toMatchObject({ code: 2, stderr: expect.stringContaining("a pause would undo") });
    await works(p.run("resume", ID));
    expect((await works(p.run("pause", ID, "--reason", "deploy"))).stdout).toContain("will wait when it begins");
    const run = p.start("apply", "--json", "--release", "r1", "--max-rate", "1000");
    expect(await run.told((e) => e.event === "throttled" && /^paused by .*: deploy$/.test(e.reason))).toBe(true);
    const watch = p.start("status", "--watch", "--json");
    await watch.printed('"state":"paused"');
    const paused = await backfill();
    expect(paused).toMatchObject({
      backfill: { state: "paused", rowsDone: 0 },
      next: expect.stringContaining("resume"),
    });
    expect(paused.backfill.waitingFor).toMatch(/paused by .*: deploy/);

    // The server lets nobody in for a while: the watch goes on.
    const allow = (yes: boolean) => query(server.url, `ALTER DATABASE "${db.name}" WITH ALLOW_CONNECTIONS ${yes}`);
    if (server.name === "postgres") {
      await allow(false);
      await sleep(2_500);
      await allow(true);
    }
    const resumed = await works(p.run("resume", ID, "--max-lag", "3s", "--batch-target", "1ms"));
    expect(resumed.stdout).toContain("goes on where it is run, replica lag below 3.0 s, a batch takes 1 ms");
    expect(await run.told((e) => e.event === "batch")).toBe(true);
    await watch.printed("nothing: a run is at work");
    expect((await works(p.run("cancel", ID))).stdout).toContain("ends at its next batch");
    const ended = await run.result;
    expect(ended.code).toBe(4);
    expect(ended.stderr).toMatch(/was cancelled\s+by/);
    await watch.printed('"state":"cancelled"');
    watch.kill("SIGTERM");
    expect((await watch.result).stderr).toMatch(server.name === "postgres" ? /not currently accepting/ : /^$/);
    const { backfill: left } = await backfill();
    expect(left).toMatchObject({ state: "cancelled", rowsPerSecond: 0 });
    expect(left.rowsDone).toBeLessThan(ROWS);
    expect((await p.run("apply", "--release", "r1")).code).toBe(4);
    expect((await backfill()).backfill.rowsDone).toBe(left.rowsDone);

    const json = await works(p.run("resume", ID, "--json"));
    expect(JSON.parse(json.stdout)).toMatchObject({ version: 1, wish: "run", maxLagMs: 3_000, running: true });
    // Nothing is said to wait that does not, and a pause of the end is forgotten with the backfill.
    expect((await backfill()).backfill).toMatchObject({ state: "stopped", waitingFor: null, etaSeconds: null });
    const last = p.start("apply", "--json", "--release", "r1");
    expect(await last.told((e) => e.event === "batch")).toBe(true);
    expect((await backfill()).backfill).toMatchObject({ state: "running", waitingFor: null });
    await works(last.result);
    expect(
      await query(db.url, `SELECT * FROM ${server.name === "postgres" ? "zmigrate.controls" : "zmigrate_controls"}`),
    ).toEqual([]);
    expect((await works(p.run("resume", ID))).stdout).not.toBe("");
    expect(await wrongRows(db.url, "email_address", ROWS, new Map())).toEqual([]);
    expect(await p.run("pause", ID)).toMatchObject({ code: 2, stderr: expect.stringContaining("no backfill ahead") });
  }, 120_000);
});
