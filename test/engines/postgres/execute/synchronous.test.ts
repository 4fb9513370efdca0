import { afterAll, beforeAll, expect, it } from "vitest";
import { neededBy } from "../../../../src/engines/postgres/execute/synchronous.js";
import { project } from "../../../scenarios/support/cli.js";
import { renameScene, works } from "../../../scenarios/support/scene.js";
import { suite } from "../../../scenarios/support/suite.js";
import { ID } from "../../../scenarios/support/users.js";
import { describePrivateServer, query } from "../../../servers/index.js";

it("knows how many standbys a COMMIT waits for", () => {
  const names = ["", "a", "a, b", "*", "FIRST 2 (a, b)", "any 3 (*)", '2 ("4 (", b)'];
  expect(names.map(neededBy)).toEqual([0, 1, 1, 1, 2, 3, 2]);
});

describePrivateServer("postgres", (launch) => {
  const { after, session } = suite();
  let server: Awaited<ReturnType<typeof launch>>;
  beforeAll(async () => {
    server = await launch({ replica: true });
  });
  afterAll(() => server.stop());

  const standbys = async (url: string, names: string) => {
    await query(url, `ALTER SYSTEM SET synchronous_standby_names = '${names}'`);
    await query(url, "SELECT pg_catalog.pg_reload_conf()");
  };

  it("begins nothing where every COMMIT would wait for a standby that is not there", async () => {
    const db = await server.createDatabase("synchronous");
    const p = project(db.url);
    after(async () => p.remove());
    await works(p.run("init", "--engine", "postgres"));
    p.write("migrations/20260101000000_t.sql", "CREATE TABLE t (id int PRIMARY KEY);\n");
    await standbys(db.url, "gone");
    for (const command of ["apply", "doctor"]) {
      const refused = await p.run(command);
      expect(refused.stdout + refused.stderr).toContain("synchronous_standby_names is gone, and 0 of 1 is connected");
      expect(refused.code, refused.stderr).toBe(command === "apply" ? 3 : 1);
    }
    await standbys(db.url, "*");
    await works(p.run("apply"));
    await standbys(db.url, "");
  });

  it("tells that a COMMIT waits for a standby that went, stops when it is asked to, and goes on when it is back", async () => {
    const { db, project: p, end } = await renameScene(server, 200);
    after(end);
    after(() => standbys(db.url, ""));
    /** Starts a command whose first step waits for a reader, and has the standby go before it. */
    const held = async (...args: readonly string[]) => {
      const { query: read } = await session(db.url);
      await read("BEGIN");
      await read("SELECT count(*) FROM users");
      const run = p.start(...args);
      expect(await run.told((e) => e.event === "step-blocked")).toBe(true);
      await standbys(db.url, "gone");
      await read("COMMIT");
      expect(await run.told((e) => e.event === "commit-waits" && e.why.includes("0 of 1 is connected"))).toBe(true);
      return run;
    };
    const stopped = await held("apply", "--json", "--release", "r1");
    stopped.kill("SIGTERM");
    const { code, stdout, stderr } = await stopped.result;
    expect(code, stdout + stderr).toBe(130);
    expect(stdout).toContain("commit-not-awaited");
    const ours =
      "SELECT query FROM pg_catalog.pg_stat_activity WHERE application_name LIKE 'zmigrate%' AND backend_type = 'client backend'";
    expect(await query(db.url, ours)).toEqual([]);
    await standbys(db.url, "");
    await works(p.run("apply", "--release", "r1"));
    const back = await held("rollback", ID, "--json");
    await standbys(db.url, "");
    await works(back.result);
  });
});
