import { beforeAll, describe, expect, it } from "vitest";
import { engineFor } from "../../src/config/engine.js";
import type { Engine } from "../../src/engines/engine.js";
import { parseMigration } from "../../src/history/load.js";
import { emptyCatalog } from "../../src/history/replay.js";
import { planMigration } from "../../src/plan/plan.js";

describe("on PostgreSQL, from files", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await engineFor("postgres");
    await engine.load();
  });

  function plan(text: string) {
    const migration = parseMigration({ id: "20260101000000", slug: "x", file: "x.sql", text, checksum: "" }, engine);
    return planMigration(migration, {
      engine,
      catalog: emptyCatalog("files", null),
      version: { text: "18", parts: [18, 0] },
    });
  }
  const TABLE = "CREATE TABLE t (id bigint PRIMARY KEY, a text NOT NULL, c int);\n";

  it("puts all of expand before all of backfill, and swaps before drops", () => {
    const { plan: planned } = plan(`${TABLE}ALTER TABLE t RENAME COLUMN a TO b;\nALTER TABLE t DROP COLUMN c;`);
    const stretches = planned?.steps.map((s) => s.stage ?? s.phase);
    expect(stretches).toEqual(
      [...(stretches ?? [])].sort(
        (x, y) => ["expand", "backfill", "swap", "drop"].indexOf(x) - ["expand", "backfill", "swap", "drop"].indexOf(y),
      ),
    );
    expect(planned?.retires.map((r) => r.column)).toEqual(["a", "c"]);
  });

  it("gives every step an id of its own", () => {
    const ids =
      plan(
        `${TABLE}ALTER TABLE t RENAME COLUMN a TO b, DROP COLUMN c;`.replace(", DROP", "; ALTER TABLE t DROP"),
      ).plan?.steps.map((s) => s.id) ?? [];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("plans the same twice, so that what was reviewed is what runs", () => {
    const text = `${TABLE}ALTER TABLE t RENAME COLUMN a TO b;`;
    expect(plan(text)).toEqual(plan(text));
  });

  it("plans an operation on what the one before it leaves", () => {
    expect(plan(`${TABLE}ALTER TABLE t RENAME COLUMN a TO b;\nALTER TABLE t DROP COLUMN a;`).refusals).toMatchObject([
      { line: 3, reason: expect.stringContaining("no column a") },
    ]);
  });

  it("refuses at its place what it cannot plan, and plans nothing of the file", () => {
    const { plan: planned, refusals } = plan(`${TABLE}UPDATE t SET c = 1;\nALTER TABLE t ALTER COLUMN c TYPE bigint;`);
    expect(planned).toBeNull();
    expect(refusals.map((r) => [r.line, r.reason])).toEqual([
      [2, expect.stringContaining("update")],
      [3, expect.stringContaining("alter-column-type")],
    ]);
  });

  it("refuses a table that the files do not know", () => {
    expect(plan("ALTER TABLE unknown RENAME COLUMN a TO b;").refusals).toMatchObject([
      { reason: expect.stringContaining("not known"), help: expect.stringContaining("--database-url") },
    ]);
  });

  it("refuses to move the rows of a table that has no key to walk it by", () => {
    const rename = "ALTER TABLE t RENAME COLUMN a TO b;";
    expect(plan(`CREATE TABLE t (id int UNIQUE, a text);\n${rename}`).refusals).toMatchObject([
      { line: 2, reason: expect.stringContaining("no primary key") },
    ]);
    expect(plan(`CREATE TABLE t (id int NOT NULL UNIQUE, a text);\n${rename}`).refusals).toEqual([]);
    expect(plan("CREATE TABLE t (id int, a text);\nALTER TABLE t ADD COLUMN c int;").refusals).toEqual([]);
  });

  it("refuses a second change of a column that the same file renames or drops", () => {
    const chained = plan(`${TABLE}ALTER TABLE t RENAME COLUMN a TO b;\nALTER TABLE t RENAME COLUMN b TO d;`);
    expect(chained.refusals).toMatchObject([{ line: 3, reason: expect.stringContaining("renames a to b") }]);
    const dropped = plan(`${TABLE}ALTER TABLE t RENAME COLUMN a TO b;\nALTER TABLE t DROP COLUMN b;`);
    expect(dropped.refusals).toMatchObject([{ line: 3 }]);
  });

  it("leaves out what only sets the session, and says so", () => {
    const { plan: planned } = plan(`SET lock_timeout = '1s';\n${TABLE}`);
    expect(planned?.steps.map((s) => s.kind)).toEqual(["ddl"]);
    expect(planned?.notes.join()).toContain("SET lock_timeout");
  });

  it("refuses what would change the meaning of the rest, or be lost", () => {
    for (const sql of [
      "SET search_path = other;",
      "ROLLBACK;",
      "SAVEPOINT s;",
      "COMMENT ON TABLE t IS 'x';",
      "SET ROLE admin;",
    ])
      expect(plan(`${TABLE}${sql}`).refusals, sql).toMatchObject([{ line: 2 }]);
  });

  it("holds statements to the phase that the author gave", () => {
    const refused = plan(`${TABLE}-- zmigrate:phase expand\nALTER TABLE t DROP COLUMN c;`);
    expect(refused.refusals).toMatchObject([{ line: 3, reason: expect.stringContaining("expand phase") }]);
    const contract = plan(`${TABLE}-- zmigrate:phase contract\nALTER TABLE t DROP COLUMN a;`).plan?.steps ?? [];
    expect(contract.slice(1).every((s) => s.phase === "contract")).toBe(true);
  });

  it("takes gates and batches from directives", () => {
    const { plan: planned } = plan(
      `-- zmigrate:gate soak=2h\n${TABLE}-- zmigrate:batch rows=50 target=100ms key=id\nALTER TABLE t RENAME COLUMN a TO b;`,
    );
    expect(planned?.gates).toEqual([{ name: "soak", setting: "7200000" }]);
    expect(planned?.steps.find((s) => s.backfill !== null)?.backfill).toMatchObject({
      rows: 50,
      targetMs: 100,
      key: ["id"],
    });
  });
});
