import { expect, it } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { CHANGE } from "./changes/split.js";
import { project } from "./support/cli.js";
import { connect } from "./support/clients.js";
import { back, forward } from "./support/phased.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

describeServer("postgres", (server) => {
  const s = suite();

  it("splits, merges and copies columns under old and new code", () => forward(server, s, CHANGE));
  it("takes that back, before the contract and after the swap", () => back(server, s, CHANGE));

  it("takes NULLs of new code at every point, also beside an old column that is NOT NULL and has a default", async () => {
    const db = await server.createDatabase("merge");
    s.after(() => db.drop());
    await query(db.url, "CREATE TABLE t (id int PRIMARY KEY, f text NOT NULL DEFAULT 'F', l text)");
    await query(db.url, "INSERT INTO t VALUES (1, 'A', 'B')");
    const p = project(db.url);
    s.after(async () => p.remove());
    await works(p.run("init"));
    p.write(
      "migrations/20260101000000_merge.sql",
      `-- zmigrate:up f || ' ' || l
ALTER TABLE t ADD COLUMN full_name text;
-- zmigrate:down split_part(full_name, ' ', 1)
ALTER TABLE t DROP COLUMN f;
-- zmigrate:down split_part(full_name, ' ', 2)
ALTER TABLE t DROP COLUMN l;
`,
    );
    const write = async (id: number) => {
      await query(db.url, `INSERT INTO t (id) VALUES (${id})`);
      await query(db.url, `INSERT INTO t (id, full_name) VALUES (${id + 1}, 'X Y')`);
      await query(db.url, `UPDATE t SET full_name = NULL WHERE id = ${id + 1}`);
    };
    await works(p.run("apply", "--release", "r1"));
    await write(10);
    await works(p.run("apply", "--contract", "--require-contract", "--release", "r2"));
    await write(20);
    // The old NOT NULL cannot be put back over them.
    expect((await p.run("rollback", "20260101000000")).code).toBe(3);
    await works(p.run("apply", "--contract", "--require-contract", "--release", "r3", "--park", "0"));
    await write(30);
    expect(await query(db.url, "SELECT id FROM t WHERE full_name IS NOT NULL")).toEqual([{ id: 1 }]);
  });

  it("never loses what one side wrote, whatever the backfill has reached", async () => {
    const db = await server.createDatabase("split");
    s.after(() => db.drop());
    await query(
      db.url,
      "CREATE TABLE t (id int PRIMARY KEY, name text); INSERT INTO t VALUES (1, 'Evelyn Wu'), (2, NULL), (3, 'a b')",
    );
    const p = project(db.url);
    s.after(async () => p.remove());
    await works(p.run("init"));
    p.write(
      "migrations/20260101000000_split.sql",
      `-- zmigrate:up split_part(name, ' ', 1)
ALTER TABLE t ADD COLUMN first text;
-- zmigrate:up split_part(name, ' ', 2)
ALTER TABLE t ADD COLUMN last text;
-- zmigrate:down first || ' ' || last
ALTER TABLE t DROP COLUMN name;
`,
    );
    await works(p.run("apply", "--release", "r1"));
    const app = await connect(db.url);
    s.after(() => app.end());
    // As it was before the backfill: new code writes one of the two columns.
    await app.query("ALTER TABLE t DISABLE TRIGGER ALL");
    await app.query("UPDATE t SET first = NULL, last = NULL");
    await app.query("ALTER TABLE t ENABLE TRIGGER ALL");
    await app.query("UPDATE t SET first = 'Robert' WHERE id = 1");
    await app.query("UPDATE t SET last = NULL, name = 'both  written' WHERE id = 3");
    expect(await app.query("SELECT name, first, last FROM t ORDER BY id")).toEqual([
      { name: "Robert Wu", first: "Robert", last: "Wu" },
      { name: null, first: null, last: null },
      { name: "both  written", first: "both", last: "" },
    ]);
    await app.query("UPDATE t SET last = 'van der Berg' WHERE id = 1");
    const refused = await p.run("rollback", "20260101000000");
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain(
      'would drop "last" of "public"."t", which it added, with what was written there in 1 row',
    );
    await works(p.run("apply", "--contract", "--require-contract", "--release", "r2"));
    const swapped = await p.run("rollback", "20260101000000");
    expect(swapped.stderr).toContain("in 1 row");
    await works(p.run("rollback", "20260101000000", "--accept-loss"));
    expect(await app.query("SELECT * FROM t ORDER BY id")).toEqual([
      { id: 1, name: "Robert van der Berg" },
      { id: 2, name: null },
      { id: 3, name: "both  written" },
    ]);
  });
});
