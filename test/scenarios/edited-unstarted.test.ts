import { expect, it } from "vitest";
import { describeServers, query } from "../servers/index.js";
import { bareScene, numbers } from "./support/bare.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";
import { FILE, ID } from "./support/users.js";

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const fixtures = suite();
  const { scene } = fixtures;

  it("begins anew from an edited file when the first step failed and left nothing", async () => {
    const sql = "CREATE TABLE fresh (id int PRIMARY KEY, n int DEFAULT 'no number');\n";
    const { project: p, db } = await scene(server, 10, sql);
    expect((await p.run("apply")).code).toBe(3);
    p.write(FILE, "CREATE TABLE fresh (id int PRIMARY KEY, n int DEFAULT 7);\n");
    await works(p.run("apply"));
    expect(await query(db.url, "SELECT id FROM fresh")).toEqual([]);
    p.write(FILE, "CREATE TABLE fresh (id int PRIMARY KEY, n int DEFAULT 8);\n");
    const edited = await p.run("apply");
    expect(edited.code).toBe(2);
    expect(edited.stderr).toContain(`zmigrate rollback ${ID}`);
  }, 60_000);

  it("does not where batches of its first step have committed, and does where none has", async () => {
    const setup = [
      "CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL)",
      `INSERT INTO t SELECT i, 0 FROM (${numbers(60)}) s`,
    ];
    const change = (bad: number, by: number) =>
      `-- zmigrate:batch rows=20\nUPDATE t SET n = n + CASE id WHEN ${bad} THEN 2147483647 + n + 1 ELSE ${by} END WHERE TRUE;\n`;
    const { project: p, url } = await bareScene(server, fixtures, setup, { count: change(1, 1) });
    const file = "migrations/20260101000000_count.sql";
    expect((await p.run("apply")).code).toBe(3);
    p.write(file, change(50, 2));
    expect((await p.run("apply")).code).toBe(3);
    const counts = async () =>
      (await query(url, "SELECT n, count(*) AS rows_ FROM t GROUP BY n ORDER BY n")).map((r) => [
        Number(r.n),
        Number(r.rows_),
      ]);
    expect(await counts()).toEqual([
      [0, 11],
      [2, 49],
    ]);
    p.write(file, change(0, 3));
    const edited = await p.run("apply");
    expect(edited.code, edited.stdout).toBe(2);
    expect(edited.stderr).toContain("zmigrate rollback 20260101000000");
    expect(await counts()).toEqual([
      [0, 11],
      [2, 49],
    ]);
  }, 60_000);
});
