import { expect, it } from "vitest";
import { describeServers, query } from "../servers/index.js";

import { project } from "./support/cli.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const { after } = suite();

  it("goes on with what was begun before it asks whether a newer migration can be planned", async () => {
    const db = await server.createDatabase("order");
    after(db.drop);
    await query(db.url, "CREATE TABLE t (id int PRIMARY KEY, e varchar(20))");
    const p = project(db.url);
    after(async () => p.remove());
    await works(p.run("init", "--engine", server.name));
    p.write("migrations/20260101000000_drop.sql", "ALTER TABLE t DROP COLUMN e;\n");
    await works(p.run("apply", "--release", "r1"));
    p.write("migrations/20260102000000_again.sql", "ALTER TABLE t ADD COLUMN e int;\n");

    const tooEarly = await p.run("apply", "--contract", "--release", "r1");
    expect(tooEarly, tooEarly.stderr).toMatchObject({ code: 1 });
    expect(tooEarly.stderr).toContain("20260102000000_again.sql:1:");
    expect(tooEarly.stderr).toContain("has a column e already");

    await works(p.run("apply", "--contract", "--release", "r2", "--park", "0"));
    await works(p.run("apply", "--contract", "--release", "r3", "--park", "0"));
    const { stdout } = await works(p.run("status", "--json"));
    const { migrations } = JSON.parse(stdout) as { migrations: { status: string }[] };
    expect(migrations.map((m) => m.status)).toEqual(["contracted", "contracted"]);
    await query(db.url, "INSERT INTO t (id, e) VALUES (1, 5)");
  });

  it("refuses a chain of renames over two files before anything is changed, and while the first is under way", async () => {
    const db = await server.createDatabase("chain");
    after(db.drop);
    await query(db.url, "CREATE TABLE t (id int PRIMARY KEY, e varchar(20))");
    const p = project(db.url);
    after(async () => p.remove());
    await works(p.run("init", "--engine", server.name));
    p.write("migrations/20260101000000_one.sql", "ALTER TABLE t RENAME COLUMN e TO e2;\n");
    p.write("migrations/20260102000000_two.sql", "ALTER TABLE t RENAME COLUMN e2 TO e3;\n");
    for (const release of ["r1", "r1"]) {
      const refused = await p.run("apply", "--release", release);
      expect(refused, refused.stderr).toMatchObject({ code: 1 });
      expect(refused.stderr).toContain("20260102000000_two.sql");
      expect(refused.stderr).toContain("20260101000000 (one) is not finished");
      await works(p.run("apply", "--release", release, "--to", "20260101000000"));
    }
  });
});
