import { expect, it } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { FILLED, KEYED, STRICT } from "./changes/constraints.js";
import { project } from "./support/cli.js";
import { back, forward } from "./support/phased.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

describeServer("postgres", (server) => {
  const s = suite();

  it("adds what old code may violate in the contract", () => forward(server, s, STRICT));
  it("takes constraints back", () => back(server, s, STRICT));
  it("gives NULLs of old writers a value on the way to NOT NULL and a key", () => forward(server, s, KEYED));
  it("takes NOT NULL with a fill back", () => back(server, s, { ...FILLED, untouched: "id % 2 = 0 AND id < 50000" }));

  it("says how many rows are in the way, and of what, before anything is strict", async () => {
    const db = await server.createDatabase("violated");
    s.after(() => db.drop());
    await query(
      db.url,
      "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, a int, p int); INSERT INTO t SELECT n, NULLIF(n % 3, 0) - 1, n FROM generate_series(1, 30) n; INSERT INTO p SELECT generate_series(1, 27)",
    );
    const p = project(db.url);
    s.after(async () => p.remove());
    await works(p.run("init"));
    p.write(
      "migrations/20260101000000_strict.sql",
      "ALTER TABLE t ADD FOREIGN KEY (p) REFERENCES p, ALTER a SET NOT NULL;\n",
    );
    const { code, stderr } = await p.run("apply", "--release", "r1");
    expect(code).toBe(3);
    expect(stderr).toContain("step 1-verify: 3 rows of public.t point with p at no row of public.p");
    await query(db.url, "DELETE FROM t WHERE id > 27");
    const again = await p.run("apply", "--release", "r1");
    expect(again.code).toBe(3);
    expect(again.stderr).toMatch(/step 2-verify: 9 rows of public\.t hold NULL in a\..*zmigrate:fill/s);
    const left = await query(
      db.url,
      "SELECT 1 FROM pg_constraint WHERE conrelid = 't'::regclass AND contype IN ('f', 'n') AND conname <> 't_id_not_null'",
    );
    expect(left).toEqual([]);
  });
});
