import { expect, it } from "vitest";
import { describeServers, query } from "../servers/index.js";
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
