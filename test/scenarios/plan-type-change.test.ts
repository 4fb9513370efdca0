import { expect, it } from "vitest";
import { describeServers, query } from "../servers/index.js";
import { RETYPED } from "./changes/mysql-types.js";
import { project } from "./support/cli.js";
import { back, forward } from "./support/phased.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

describeServers(["mysql", "mariadb"], (server) => {
  const s = suite();

  it("changes types through second columns", () => forward(server, s, RETYPED));
  it("takes changes of type back", () => back(server, s, RETYPED));

  it("stops before anything is strict at a value that does not fit, and says which", async () => {
    const db = await server.createDatabase("unfit");
    s.after(() => db.drop());
    await query(db.url, "CREATE TABLE t (id int PRIMARY KEY, a varchar(9))");
    await query(db.url, "INSERT INTO t VALUES (1, '1'), (2, 'many'), (3, '3')");
    const p = project(db.url);
    s.after(async () => p.remove());
    await works(p.run("init", "--engine", server.name));
    p.write("migrations/20260101000000_change.sql", "ALTER TABLE t MODIFY a int;\n");
    const { code, stderr } = await p.run("apply", "--release", "r1");
    expect(code).toBe(3);
    expect(stderr).toContain("the row with id = 2 cannot be converted");
    expect(stderr).toContain("many");
    await query(db.url, "UPDATE t SET a = 'few' WHERE id = 3");
    const passed = await p.run("apply", "--release", "r1", "--max-bad-rows", "2");
    expect(passed.code).toBe(3);
    expect(passed.stdout).toMatch(/passed over the row with id = 2: .*many/);
    expect(passed.stdout).toMatch(/passed over the row with id = 3: .*few/);
    expect(passed.stdout).toContain("1 row changed of 3; 2 rows passed over: `zmigrate status` names them");
    expect(passed.stderr).not.toContain("without the sync trigger");
    const asked = async () => JSON.parse((await works(p.run("status", "--json"))).stdout).migrations[0];
    const first = [2, 3].map((id) => ({ key: `id = ${id}`, reason: expect.stringContaining("Incorrect") }));
    expect(await asked()).toMatchObject({
      passedOver: [{ rows: 2, first }],
      next: expect.stringContaining("mend the rows that were passed over, then `zmigrate apply` compares again"),
    });
    await works(p.run("apply", "--release", "r1", "--max-bad-rows", "2", "--max-mismatches", "2"));
    const { gates } = await asked();
    expect(gates.find(({ name }: { name: string }) => name === "verified")).toMatchObject({
      ...{ open: true, reason: "2 rows differed when they were compared, as `maxMismatches` allows" },
    });
    await query(db.url, "UPDATE t SET a = id WHERE id > 1");
    await works(p.run("apply", "--release", "r1"));
    await works(p.run("apply", "--contract", "--require-contract", "--release", "r2"));
    await query(db.url, "INSERT INTO t (id, a) VALUES (4, 4)");
    await works(p.run("rollback", "20260101000000"));
    expect((await query(db.url, "SELECT a FROM t ORDER BY id")).map((r) => r.a)).toEqual(["1", "2", "3", "4"]);
  });
});
