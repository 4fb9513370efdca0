import { execFileSync, spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import type { RunEvent } from "../../src/model/event.js";
import { type Control, describePrivateServer } from "../servers/index.js";
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

    it("stops behind a replica that is paused, silent or gone, says which and why, and goes on when it is back", async () => {
      const server = await launch({ replica: true });
      after(server.stop);
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
  });
