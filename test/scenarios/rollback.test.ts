import { expect, it } from "vitest";
import type { RunEvent } from "../../src/model/event.js";
import { describeServers } from "../servers/index.js";
import type { Project } from "./support/cli.js";
import { killedAtEach } from "./support/killed.js";
import { killHard, works } from "./support/scene.js";
import { schemaOf } from "./support/schema.js";
import { suite } from "./support/suite.js";
import { ID, RENAME, userClient, type Written, wrongRows } from "./support/users.js";

const ROWS = 2_000;
const TIMEOUT_MS = 240_000;

/** A step up to the swap, where `apply` is stopped before the rollback. */
interface Point {
  readonly step: string;
  readonly phase: "expand" | "backfill" | "contract";
}

async function pointsBeforeDrop(p: Project): Promise<Point[]> {
  const report = await works(p.run("plan", "--format", "json"));
  const [migration] = (
    JSON.parse(report.stdout) as { migrations: { phases: Record<string, { id: string; stage?: string }[]> }[] }
  ).migrations;
  const of = (phase: Point["phase"]) =>
    (migration?.phases[phase] ?? []).flatMap(({ id, stage }) => (stage === "drop" ? [] : [{ step: id, phase }]));
  return [...of("expand"), ...of("backfill"), ...of("contract")];
}

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const { scene, client, session } = suite();

  /** Applies until a step is told to be done: then it is killed. */
  async function applyThrough(p: Project, step: string, ...args: string[]): Promise<void> {
    const run = p.start("apply", "--json", ...args);
    const found = await run.told((e) => e.event === "step-done" && e.step === step);
    await killHard(run);
    const { stdout, stderr } = await run.result;
    expect(found, `${step}\n${stdout.slice(-3000)}\n${stderr}`).toBe(true);
  }

  it("has nothing to do for a migration that no apply has begun, and does not know one without a file", async () => {
    const { project: p } = await scene(server, 1);
    const { stdout } = await works(p.run("rollback", ID));
    expect(stdout).toContain("pending  Nothing of it was applied: there is nothing to take back.");
    const unknown = await p.run("rollback", "20200101000000");
    expect(unknown).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("There is no migration 20200101000000."),
    });
    await works(p.run("apply", "--release", "r1"));
  });

  it(
    "brings the old schema back from every point before the drop, with what both clients wrote",
    async () => {
      const { db, project: p } = await scene(server, ROWS, RENAME);
      const before = await schemaOf(db.url, "users");
      const written: Written = new Map();
      for (const [n, { step, phase }] of (await pointsBeforeDrop(p)).entries()) {
        // MySQL and MariaDB share the strategy and the points.
        if (server.name !== "postgres" && n % 2 !== Number(server.name === "mysql")) continue;
        const old = await client(db.url, userClient("user_email", `old${n}`, ROWS, written));
        // A release that has run before is no later one.
        const [first, next] = [`r${n}.1`, `r${n}.2`];
        const inExpand = phase === "expand";
        if (inExpand) await applyThrough(p, step, "--phase", "expand", "--release", first);
        else await works(p.run("apply", "--phase", "expand", "--release", first));
        // New code is deployed after expand: before it, its column may have no trigger yet.
        const fresh = inExpand ? null : await client(db.url, userClient("email_address", `new${n}`, ROWS, written));
        if (phase === "backfill") await applyThrough(p, step, "--release", first);
        if (phase === "contract") {
          await works(p.run("apply", "--release", first));
          await applyThrough(p, step, "--contract", "--release", next);
        }
        await works(p.run("rollback", ID));
        const failures = [...(await old.stop()).failures, ...((await fresh?.stop())?.failures ?? [])];
        expect(await schemaOf(db.url, "users"), `after ${step}`).toEqual(before);
        expect(await wrongRows(db.url, "user_email", ROWS, written), `after ${step}`).toEqual([]);
        expect(
          failures.filter((f) => !/does not exist|Unknown column/.test(f)),
          `after ${step}`,
        ).toEqual([]);
      }
      await works(p.run("apply", "--release", "r1"));
      expect(await wrongRows(db.url, "email_address", ROWS, written)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  // MySQL and MariaDB share the strategy and what it takes back.
  it.skipIf(server.name === "mysql")(
    "finishes a rollback that is killed at each of its steps, and keeps what the new client wrote meanwhile",
    async () => {
      const { db, project: p } = await scene(server, ROWS, RENAME);
      const before = await schemaOf(db.url, "users");
      const written: Written = new Map();
      await works(p.run("apply", "--release", "r1"));
      const fresh = await client(db.url, userClient("email_address", "new", ROWS, written));
      const swap = await works(p.run("apply", "--contract", "--release", "r2"));
      expect(swap.stdout).toContain("swap");
      const seen = new Set<string>();
      const isNew = (e: RunEvent) => e.event === "step-undone" && !seen.has(e.step) && seen.add(e.step).size > 0;
      await killedAtEach(() => p.start("rollback", ID, "--json"), isNew);
      expect(seen.size).toBeGreaterThan(2);
      await fresh.stop();
      expect(await schemaOf(db.url, "users")).toEqual(before);
      expect(await wrongRows(db.url, "user_email", ROWS, written)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it("can be taken back after apply was killed as the drop began, and refuses after the drop", async () => {
    const { db, project: p } = await scene(server, ROWS, RENAME);
    const before = await schemaOf(db.url, "users");
    await works(p.run("apply", "--release", "r1"));
    await works(p.run("apply", "--contract", "--release", "r2"));
    const holder = await session(db.url);
    await holder.query("BEGIN");
    await holder.query("SELECT count(*) FROM users");
    const run = p.start("apply", "--json", "--contract", "--release", "r3", "--park", "0");
    expect(await run.told((e) => e.event === "step-blocked")).toBe(true);
    await killHard(run);
    await holder.query("COMMIT");
    await works(p.run("rollback", ID));
    expect((await works(p.run("rollback", ID))).stdout).toContain("rolled-back");
    expect(await schemaOf(db.url, "users")).toEqual(before);
    for (const [release, ...more] of [["r4"], ["r5", "--contract"], ["r6", "--contract", "--park", "0"]] as const)
      await works(p.run("apply", "--release", release, ...more));
    const after = await schemaOf(db.url, "users");
    const refused = await p.run("rollback", ID);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(ID);
    expect(refused.stderr).toContain("has dropped what no statement brings back");
    expect(await schemaOf(db.url, "users")).toEqual(after);
  });
});
