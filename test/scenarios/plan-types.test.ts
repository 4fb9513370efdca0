import { expect, it } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { CHANGE } from "./changes/types.js";
import { project } from "./support/cli.js";
import { back, forward } from "./support/phased.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

describeServer("postgres", (server) => {
  const s = suite();

  it("changes types under old and new code, with all that a column carries", () => forward(server, s, CHANGE));
  it("takes changes of types back, before the contract and after the swap", () => back(server, s, CHANGE));

  it("has no way back for keys that the former type does not hold, and says which rows they are", async () => {
    const db = await server.createDatabase("beyond");
    s.after(() => db.drop());
    await query(
      db.url,
      "CREATE TABLE t (id serial PRIMARY KEY, c text); INSERT INTO t (c) SELECT n FROM generate_series(1, 20) n",
    );
    await query(
      db.url,
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT max(id) FROM t'; CREATE VIEW v AS SELECT c FROM t",
    );
    const p = project(db.url);
    s.after(async () => p.remove());
    await works(p.run("init"));
    const sql = "ALTER TABLE t ALTER id TYPE bigint;\nALTER TABLE t ALTER c TYPE int USING c::int;\n";
    p.write("migrations/20260101000000_beyond.sql", sql);
    await works(p.run("apply", "--release", "r1"));
    // What old code writes and the new type does not take is no failure of the statement, and keeps the contract away.
    await query(db.url, "INSERT INTO t (c) VALUES ('none')");
    await query(db.url, "DELETE FROM t WHERE c = 'none'; DROP VIEW v");
    await works(p.run("apply", "--contract", "--require-contract", "--release", "r2"));
    await query(db.url, "SELECT setval('t_id_seq', 2147483647); INSERT INTO t (c) VALUES (1), (2)");
    expect(await query(db.url, "SELECT id FROM t WHERE id > 100 ORDER BY 1")).toEqual([
      { id: "2147483648" },
      { id: "2147483649" },
    ]);
    const { code, stderr } = await p.run("rollback", "20260101000000");
    expect(code).toBe(3);
    expect(stderr).toContain('would lose what was written to "id" of "public"."t" since');
    expect(stderr).toContain("in 2 rows. Keys of some: 2147483648 | 2147483649.");
    await query(db.url, "DELETE FROM t WHERE id > 100");
    await works(p.run("rollback", "20260101000000"));
    expect(await query(db.url, "SELECT pg_typeof(id)::text AS id, pg_typeof(c)::text AS c FROM t LIMIT 1")).toEqual([
      { id: "integer", c: "text" },
    ]);
  });
});
