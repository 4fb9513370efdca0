import { expect, it } from "vitest";
import { describeServers, query } from "../servers/index.js";
import { project } from "./support/cli.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

const RENAME = "20260101000000";
const SAYS = "Migration 20260101000000 (one) renames a to b: t has no column a when this runs.";

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const { after } = suite();

  it("refuses a file that names what a pending or begun migration renames, and lets it make the name anew", async () => {
    const db = await server.createDatabase("old_names");
    after(db.drop);
    await query(db.url, "CREATE TABLE t (id int PRIMARY KEY, a int)");
    const p = project(db.url, { ZMIGRATE_SHADOW: "off" });
    after(async () => p.remove());
    await works(p.run("init", "--engine", server.name));
    const second = (sql: string) => p.write("migrations/20260102000000_two.sql", `\n${sql}\n`);
    const refused = async (...args: string[]) => {
      const { code, stdout, stderr } = await p.run(...args);
      expect(code, stdout + stderr).toBe(1);
      expect(stdout + stderr).toMatch(/_two\.sql:2:/);
      expect(stdout + stderr).toContain(SAYS);
      expect(stdout + stderr).toContain("Write b in its place.");
    };

    p.write(`migrations/${RENAME}_one.sql`, "ALTER TABLE t RENAME COLUMN a TO b;\n");
    second("CREATE INDEX i ON t (a);");
    await refused("plan");
    await refused("apply", "--release", "r1");
    expect(JSON.parse((await works(p.run("status", "--json"))).stdout).migrations[0].status).toBe("pending");
    await works(p.run("apply", "--release", "r1", "--to", RENAME));
    for (const sql of ["CREATE VIEW v AS SELECT a FROM t;", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0);"]) {
      second(sql);
      await refused("plan");
      // Of another release: the one that is rolled out stays so.
      await refused("apply", "--release", "refused");
    }
    // Swapped: the old name is parked, and free.
    await works(p.run("apply", "--contract", "--release", "r2", "--to", RENAME));
    second("DELETE FROM t WHERE a = 1;");
    await refused("apply", "--release", "r2");
    second("ALTER TABLE t ADD COLUMN a int;\nCREATE INDEX i ON t (a);");
    await works(p.run("apply", "--release", "r2"));
    await query(db.url, "INSERT INTO t (id, a, b) VALUES (1, 2, 3)");
  });
});
