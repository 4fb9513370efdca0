import { expect, it } from "vitest";
import { describeServers, query } from "../servers/index.js";
import { STRICT } from "./changes/mysql-constraints.js";
import { project } from "./support/cli.js";
import { back, forward } from "./support/phased.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

describeServers(["mysql", "mariadb"], (server) => {
  const s = suite();

  it("adds what old code may violate in the contract", () => forward(server, s, STRICT));
  it("takes constraints back", () => back(server, s, STRICT));

  it("says how many rows are in the way, and of what, before anything is strict", async () => {
    const db = await server.createDatabase("violated");
    s.after(() => db.drop());
    await query(db.url, "CREATE TABLE p (id int PRIMARY KEY)");
    await query(db.url, "CREATE TABLE t (id int PRIMARY KEY, a int, p int, KEY (p))");
    await query(db.url, "INSERT INTO p VALUES (1), (2)");
    await query(db.url, "INSERT INTO t VALUES (1, 1, 1), (2, 1, 9), (3, 3, 2)");
    const p = project(db.url);
    s.after(async () => p.remove());
    await works(p.run("init", "--engine", server.name));
    p.write(
      "migrations/20260101000000_strict.sql",
      "ALTER TABLE t ADD FOREIGN KEY (p) REFERENCES p (id), ADD UNIQUE (a);\n",
    );
    const pointless = await p.run("apply", "--release", "r1");
    expect(pointless.code).toBe(3);
    expect(pointless.stderr).toContain("step 1-verify: Rows of t point with p at no row of p: 1. Keys of some: 2.");
    await query(db.url, "UPDATE t SET p = 1");
    const twice = await p.run("apply", "--release", "r1");
    expect(twice.code).toBe(3);
    expect(twice.stderr).toContain("step 2-verify: 2 rows of t share a with another row. Keys of some: 1 | 2.");
    await query(db.url, "UPDATE t SET a = id");
    await works(p.run("apply", "--release", "r1"));
    await query(db.url, "INSERT INTO t VALUES (4, 1, 1)");
    const late = await p.run("apply", "--contract", "--release", "r2");
    expect(late.code).toBe(3);
    expect(late.stderr).toContain("2 rows of t share a with another row. Keys of some: 1 | 4.");
  });
});
