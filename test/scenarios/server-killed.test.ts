import { expect, it } from "vitest";
import { describePrivateServer, query } from "../servers/index.js";
import { project } from "./support/cli.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";
import { FILE } from "./support/users.js";

const ROWS = 6_000;

describePrivateServer("postgres", (launch) => {
  const { after } = suite();

  it("counts each row once, though the server is killed with COMMITs that the disk has not seen", async () => {
    const server = await launch();
    after(server.stop);
    const db = await server.createDatabase("killed");
    await query(db.url, "CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL)");
    await query(db.url, `INSERT INTO t SELECT i, 0 FROM generate_series(1, ${ROWS}) i`);
    const p = project(db.url);
    after(async () => p.remove());
    await works(p.run("init", "--engine", "postgres"));
    p.write(FILE, "-- zmigrate:batch rows=50 target=2ms\nUPDATE t SET n = n + 1;\n");
    for (const moment of [3, 20]) {
      const run = p.start("apply", "--json", "--release", "r1", "--workers", "2");
      let batches = 0;
      expect(await run.told((e) => e.event === "batch" && ++batches === moment)).toBe(true);
      await server.primary?.crash();
      expect((await run.result).code).toBe(3);
      await server.primary?.start();
    }
    await works(p.run("apply", "--release", "r1", "--workers", "2"));
    expect(await query(db.url, "SELECT n, count(*)::int AS times FROM t GROUP BY n")).toEqual([{ n: 1, times: ROWS }]);
  }, 120_000);
});
