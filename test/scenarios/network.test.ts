import { expect, it } from "vitest";
import { describeServer, describeServers, query } from "../servers/index.js";
import { numbers } from "./support/bare.js";
import { project } from "./support/cli.js";
import { openProxy } from "./support/proxy.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";
import { FILE, ID } from "./support/users.js";

const ROWS = 6_000;

/** After how many batches of a run its connections fail. */
const MOMENTS = [1, 7, 20, 3, 12];

// MySQL and MariaDB share all of it: other scenarios take the other one.
describeServers(["postgres", "mariadb"], (server) => {
  const { after } = suite();

  it("counts each row once, though the network fails again and again, and answers to COMMIT are lost", async () => {
    const db = await server.createDatabase("network");
    after(db.drop);
    await query(db.url, "CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL, note varchar(20))");
    await query(db.url, `INSERT INTO t (id, n) SELECT i, 0 FROM (${numbers(ROWS)}) x`);
    const proxy = await openProxy(db.url);
    after(proxy.close);
    const p = project(proxy.url);
    after(async () => p.remove());
    await works(p.run("init", "--engine", server.name));
    p.write(FILE, "-- zmigrate:batch rows=50 target=2ms\nUPDATE t SET n = n + 1;\n");

    for (const [turn, moment] of MOMENTS.entries()) {
      const run = p.start("apply", "--json", "--release", "r1", "--workers", "2");
      let batches = 0;
      expect(await run.told((e) => e.event === "batch" && ++batches === moment)).toBe(true);
      if (turn % 2 === 0) await proxy.loseAnswers();
      else proxy.cut();
      const { code, stderr } = await run.result;
      expect(code, stderr).toBe(3);
      // A connection that was being opened is refused in other words.
      expect(stderr).toMatch(/lost|Cannot connect/);
    }
    const { stdout } = await works(p.run("apply", "--json", "--release", "r1", "--workers", "2"));
    expect(stdout.trimEnd().split("\n").at(-1)).toContain('"done"');
    expect(await query(db.url, "SELECT n, COUNT(*) AS times FROM t GROUP BY n")).toMatchObject([{ n: 1 }]);
    const { migrations } = JSON.parse((await works(p.run("status", "--json"))).stdout) as {
      migrations: { id: string; backfill: { rowsDone: number; state: string } }[];
    };
    expect(migrations).toMatchObject([{ id: ID, backfill: { rowsDone: ROWS, state: "done" } }]);
  }, 120_000);
});

describeServer("postgres", (server) => {
  const { after } = suite();

  /** A process that stands still behind the first message that `text` fits, and what it runs. */
  async function stopped(name: string, sql: string, text: RegExp) {
    const db = await server.createDatabase(name);
    after(db.drop);
    await query(db.url, "CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL)");
    await query(db.url, `INSERT INTO t (id, n) SELECT i, 0 FROM (${numbers(200)}) x`);
    const proxy = await openProxy(db.url);
    after(proxy.close);
    const p = project(proxy.url);
    after(async () => p.remove());
    await works(p.run("init", "--engine", "postgres"));
    p.write(FILE, sql);
    const stands = new Promise<void>((resolve) => {
      proxy.behind(text, () => {
        run.kill("SIGSTOP");
        resolve();
      });
    });
    const run = p.start("apply", "--json", "--release", "r1", "--lock-timeout", "1s");
    after(async () => run.kill("SIGKILL"));
    await stands;
    return { db, p, run };
  }

  /** How long a write waits, milliseconds. */
  async function waited(url: string, write: string): Promise<number> {
    const began = performance.now();
    await query(url, write);
    return performance.now() - began;
  }

  async function inStep(): Promise<void> {
    const { db, p, run } = await stopped("still", "ALTER TABLE t ADD COLUMN b int;\n", /^Q.{4}ALTER TABLE/s);
    expect(await waited(db.url, "UPDATE t SET n = 1 WHERE id = 1")).toBeLessThan(4_000);
    run.kill("SIGCONT");
    const { code, stderr } = await run.result;
    expect(code, stderr).toBe(3);
    expect(stderr).toContain("was lost in step");
    await works(p.run("apply", "--release", "r1"));
    expect(await query(db.url, "SELECT n, b FROM t WHERE id = 1")).toEqual([{ n: 1, b: null }]);
  }

  async function inBatch(): Promise<void> {
    const sql = "-- zmigrate:batch rows=200\nUPDATE t SET n = n + 1;\n";
    const { db, p, run } = await stopped("batch", sql, /^P.{5}UPDATE .*n \+ 1/s);
    expect(await waited(db.url, "UPDATE t SET n = n + 10 WHERE id = 1")).toBeLessThan(4_000);
    const { code, stderr } = await p.run("apply", "--release", "r1", "--lock-wait", "500ms");
    expect(code, stderr).toBe(4);
    run.kill("SIGCONT");
    await works(run.result);
    const counted = await query(db.url, "SELECT n, COUNT(*)::int AS times FROM t GROUP BY n ORDER BY n");
    expect(counted).toEqual([
      { n: 1, times: 199 },
      { n: 11, times: 1 },
    ]);
  }

  it("holds nobody up for long while it stands still within a step or a batch; who waits for it ends after --lock-wait", async () => {
    await Promise.all([inStep(), inBatch()]);
  }, 60_000);
});
