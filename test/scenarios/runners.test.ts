import { expect, it } from "vitest";
import { describeServer, describeServers, query } from "../servers/index.js";
import { killHard, works } from "./support/scene.js";
import { suite } from "./support/suite.js";
import { ID, wrongRows } from "./support/users.js";

const ROWS = 2_000;
const table = (url: string, name: string) => (url.startsWith("postgres") ? `zmigrate.${name}` : `zmigrate_${name}`);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** How often each step was begun. */
const attempts = async (url: string) =>
  (await query(url, `SELECT step_id AS id, attempts FROM ${table(url, "steps")} ORDER BY ordinal`)).map((r) =>
    Number(r.attempts),
  );

/** What is done of the ranges that are finished, and of those under way. */
async function rowsDone(url: string): Promise<number> {
  const sums = ["backfills", "ranges"].map((name) => `(SELECT COALESCE(SUM(rows_done), 0) FROM ${table(url, name)})`);
  return Number((await query(url, `SELECT ${sums.join(" + ")} AS done`))[0]?.done ?? 0);
}

// MySQL and MariaDB share all of it: other scenarios take the other one.
describeServers(["postgres", "mysql"], (server) => {
  const { scene, session } = suite();

  /** Somebody reads the table in an open transaction: the first step waits until it ends. */
  async function reader(url: string) {
    const { query: run } = await session(url);
    await run("BEGIN");
    await run("SELECT count(*) FROM users");
    return run;
  }

  it("lets the second of two runs wait for the first and then find nothing to do", async () => {
    const { db, project: p } = await scene(server, ROWS);
    const holder = await reader(db.url);
    const first = p.start("apply", "--json", "--release", "r1");
    expect(await first.told((e) => e.event === "step-started")).toBe(true);
    const second = p.start("apply", "--json", "--release", "r1");
    expect(await second.told((e) => e.event === "waiting-for-lock")).toBe(true);
    await holder("COMMIT");
    await works(first.result);
    const { stdout } = await works(second.result);
    expect(stdout).not.toContain("step-started");
    expect(new Set(await attempts(db.url))).toEqual(new Set([0, 1]));
    expect(await wrongRows(db.url, "email_address", ROWS, new Map())).toEqual([]);
  });

  it("names the holder and ends with 4 when the wait is over", async () => {
    const { db, project: p } = await scene(server, ROWS);
    const holder = await reader(db.url);
    const first = p.start("apply", "--json", "--release", "r1");
    expect(await first.told((e) => e.event === "step-started")).toBe(true);
    const second = await p.run("apply", "--lock-wait", "0");
    expect(second.code).toBe(4);
    expect(second.stderr).toMatch(/Another zmigrate runs on this database: .*\d+/);
    // MySQL and MariaDB tell a connection's program to nobody: the first run has no place yet to say it.
    expect(second.stderr).toMatch(server.name === "postgres" ? /pid \d+, .*zmigrate apply/ : /connection \d+, .+@/);
    expect(second.stderr).toContain("--lock-wait");
    const undo = await p.run("rollback", ID, "--lock-wait", "0");
    expect(undo.code).toBe(4);
    await holder("COMMIT");
    await works(first.result);
  });

  it("stops at a batch when asked to, gives the lock back and goes on from its checkpoint", async () => {
    const { db, project: p } = await scene(server, ROWS);
    await works(p.run("apply", "--phase", "expand", "--release", "r1"));
    for (const [signal, held] of [
      ["SIGTERM", ROWS / 2],
      ["SIGINT", ROWS],
    ] as const) {
      const before = await rowsDone(db.url);
      // However late the signal comes, the backfill has not come to its end.
      const holder = await session(db.url);
      await holder.query("BEGIN");
      await holder.query("SELECT id FROM users WHERE id = ? FOR UPDATE", [held]);
      const run = p.start("apply", "--json", "--release", "r1");
      expect(await run.told((e) => e.event === "batch" && e.rowsDone > before)).toBe(true);
      run.kill(signal);
      const stopped = await run.result;
      expect(stopped, stopped.stderr).toMatchObject({ code: 130 });
      expect(stopped.stderr).toContain("checkpoint is saved");
      await holder.end();
      const done = await rowsDone(db.url);
      expect(done).toBeGreaterThan(before);
      expect(done).toBeLessThan(ROWS);
      const status = JSON.parse((await works(p.run("status", "--json"))).stdout) as {
        migrations: { status: string; error: string | null }[];
      };
      expect(status.migrations[0]).toMatchObject({ status: "backfilling", error: null });
    }
    const done = await rowsDone(db.url);
    const again = p.start("apply", "--json", "--release", "r1", "--lock-wait", "0");
    const first: number[] = [];
    await again.told((e) => e.event === "batch" && first.push(e.rowsDone) < 0);
    await works(again.result);
    expect(first[0]).toBeGreaterThan(done);
    expect(first.at(-1)).toBe(ROWS);
    expect(await wrongRows(db.url, "email_address", ROWS, new Map())).toEqual([]);
  });
});

describeServer("postgres", (server) => {
  const { scene, session } = suite();

  it("waits for a step that a killed run is still committing, and does not run it twice", async () => {
    const { db, project: p } = await scene(server, 100);
    const holder = await session(db.url);
    await holder.query("BEGIN; LOCK TABLE users IN SHARE MODE");
    const killed = p.start("apply", "--json", "--release", "r1");
    expect(await killed.told((e) => e.event === "step-blocked")).toBe(true);
    await killHard(killed);
    await holder.query("ROLLBACK");

    const [row] = await query(db.url, "SELECT plan FROM zmigrate.migrations");
    const [step] = (JSON.parse(String(row?.plan)) as { steps: { id: string; sql: string[] }[] }).steps;
    const orphan = await session(db.url);
    await orphan.query("BEGIN");
    for (const sql of step?.sql ?? []) await orphan.query(sql);
    await orphan.query("UPDATE zmigrate.steps SET status = 'done', finished_at = now() WHERE step_id = ?", [step?.id]);
    const next = p.start("apply", "--release", "r1");
    await pause(1_500);
    await orphan.query("COMMIT");
    await works(next.result);
    await works(p.run("rollback", ID));
    expect(
      await query(
        db.url,
        "SELECT 1 FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = 'email_address'",
      ),
    ).toEqual([]);
  });
});
