import { expect, it } from "vitest";
import { describePrivateServer } from "../servers/index.js";
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

describePrivateServer("postgres", (launch) => {
  const { after, client } = suite();

  it("stops behind a paused replica, says why, and goes on when it resumes; a replica that dies stops it too", async () => {
    const server = await launch({ replica: true });
    after(server.stop);
    const db = await server.createDatabase("lag");
    await createUsers(db.url, ROWS);
    const p = project(db.url);
    after(async () => p.remove());
    await works(p.run("init"));
    p.write(FILE, `-- zmigrate:batch rows=50 target=2ms\n${RENAME}`);
    const written: Written = new Map();
    const old = await client(db.url, userClient("user_email", "old", ROWS, written));
    const run = p.start("apply", "--json", "--release", "r1", "--max-lag", "500ms");
    expect(await run.told((e) => e.event === "batch")).toBe(true);

    await server.pauseReplica();
    expect(await run.told((e) => e.event === "throttled" && /behind \(limit 0\.5 s\)/.test(e.reason))).toBe(true);
    const stopped = await backfillOf(p);
    expect(stopped?.waitingFor).toContain("behind");
    await pause(1_000);
    expect((await backfillOf(p))?.rowsDone).toBe(stopped?.rowsDone);
    await server.resumeReplica();
    expect(await run.told((e) => e.event === "batch" && e.rowsDone > (stopped?.rowsDone ?? 0))).toBe(true);

    await server.replica?.crash();
    expect(await run.told((e) => e.event === "throttled" && /seen before and is gone/.test(e.reason))).toBe(true);
    await server.replica?.start();
    await works(run.result);
    await old.stop();
    expect(await wrongRows(db.url, "email_address", ROWS, written)).toEqual([]);
  }, 120_000);
});
