import { expect, it } from "vitest";
import { neededBy } from "../../../../src/engines/postgres/execute/synchronous.js";
import { project } from "../../../scenarios/support/cli.js";
import { works } from "../../../scenarios/support/scene.js";
import { suite } from "../../../scenarios/support/suite.js";
import { describePrivateServer, query } from "../../../servers/index.js";

it("knows how many standbys a COMMIT waits for", () => {
  const names = ["", "a", "a, b", "*", "FIRST 2 (a, b)", "any 3 (*)", '2 ("4 (", b)'];
  expect(names.map(neededBy)).toEqual([0, 1, 1, 1, 2, 3, 2]);
});

describePrivateServer("postgres", (launch) => {
  const { after } = suite();

  it("begins nothing where every COMMIT would wait for a standby that is not there", async () => {
    const server = await launch({ replica: true });
    after(server.stop);
    const db = await server.createDatabase("synchronous");
    const p = project(db.url);
    after(async () => p.remove());
    await works(p.run("init", "--engine", "postgres"));
    p.write("migrations/20260101000000_t.sql", "CREATE TABLE t (id int PRIMARY KEY);\n");
    const standbys = async (names: string) => {
      await query(db.url, `ALTER SYSTEM SET synchronous_standby_names = '${names}'`);
      await query(db.url, "SELECT pg_catalog.pg_reload_conf()");
    };
    await standbys("gone");
    for (const command of ["apply", "doctor"]) {
      const refused = await p.run(command);
      expect(refused.stdout + refused.stderr).toContain("synchronous_standby_names is gone, and 0 of 1 is connected");
      expect(refused.code, refused.stderr).toBe(command === "apply" ? 3 : 1);
    }
    await standbys("*");
    await works(p.run("apply"));
  });
});
