import { beforeAll, describe, expect, it } from "vitest";
import { engineFor } from "../../src/config/engine.js";
import type { Engine } from "../../src/engines/engine.js";
import { parseMigration } from "../../src/history/load.js";
import { emptyCatalog } from "../../src/history/replay.js";
import type { RelationName } from "../../src/model/name.js";
import { NOTHING_FRESH } from "../../src/plan/fresh.js";
import { planMigration } from "../../src/plan/plan.js";

describe("on PostgreSQL, from files", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await engineFor("postgres");
    await engine.load();
  });

  const VERSION = { text: "18", parts: [18, 0] };
  function plan(text: string, catalog = emptyCatalog("files", null), newTables: readonly RelationName[] = []) {
    const migration = parseMigration({ id: "20260101000000", slug: "x", file: "x.sql", text, checksum: "" }, engine);
    return planMigration(migration, {
      engine,
      catalog,
      version: VERSION,
      fresh: { ...NOTHING_FRESH, tables: newTables },
    });
  }
  /** On tables that earlier deploys made. */
  const planOn = (tables: string, text: string) => plan(text, plan(tables).catalog);
  const TABLE = "CREATE TABLE t (id bigint PRIMARY KEY, a text NOT NULL, c int);\n";

  it("refuses tables whose columns are a query's, and says what to write", () => {
    const [refusal] = plan("CREATE TABLE t AS SELECT 1 AS a;").refusals;
    expect(refusal?.help).toContain("`INSERT INTO ... SELECT` behind it");
    expect(plan("CREATE TEMPORARY TABLE t (a int);").refusals[0]?.reason).toContain("gone with its session");
  });

  it("puts all of expand before all of backfill, and swaps before drops", () => {
    const { plan: planned } = planOn(TABLE, `\nALTER TABLE t RENAME COLUMN a TO b;\nALTER TABLE t DROP COLUMN c;`);
    const stretches = planned?.steps.map((s) => s.stage ?? s.phase);
    expect(stretches).toEqual(
      [...(stretches ?? [])].sort(
        (x, y) => ["expand", "backfill", "swap", "drop"].indexOf(x) - ["expand", "backfill", "swap", "drop"].indexOf(y),
      ),
    );
    expect(planned?.retires.map((r) => r.column)).toEqual(["a", "c"]);
  });

  it("says that columns which came from a parent are the table's own behind a rollback of NO INHERIT", () => {
    const TREE = "CREATE TABLE par (a int);\nCREATE TABLE chi () INHERITS (par);\n";
    const { plan: planned } = planOn(TREE, "ALTER TABLE chi NO INHERIT par;");
    expect(planned?.leaves).toEqual([expect.stringContaining("columns of chi as its own")]);
    expect(planOn(TREE, "ALTER TABLE chi INHERIT par;").plan?.leaves).toBeUndefined();
  });

  it("gives a table that is new its owner and its replica identity at once", () => {
    const made = `${TABLE}ALTER TABLE t OWNER TO app;\nALTER TABLE t REPLICA IDENTITY NOTHING;`;
    expect(plan(made).plan?.steps.map((s) => s.phase)).toEqual(["expand", "expand", "expand"]);
    expect(planOn(TABLE, "ALTER TABLE t OWNER TO app;").plan?.steps.map((s) => s.stage)).toEqual(["swap"]);
  });

  it("changes a new table behind the rows that are written or read in front of that", () => {
    const filled = "CREATE TABLE n (id int PRIMARY KEY, a int);\nINSERT INTO n SELECT id, c FROM t;\n";
    const change = "UPDATE n SET a = 2;\nALTER TABLE n RENAME COLUMN a TO b;\nUPDATE n SET b = 3;";
    expect(planOn(TABLE, filled + change).plan?.steps.map((s) => s.phase)).toEqual([
      "expand",
      ...Array(4).fill("backfill"),
    ]);
    const read = "UPDATE t SET c = (SELECT max(a) FROM n);\nALTER TABLE n DROP COLUMN a;";
    expect(planOn(TABLE, filled + read).plan?.steps.map((s) => s.phase)).toEqual([
      "expand",
      ...Array(3).fill("backfill"),
    ]);
  });

  it("drops nothing for good before the contract of a file that changes an old table, too", () => {
    const { catalog } = plan(`${TABLE}CREATE INDEX ta ON t (c);\nCREATE TABLE n (id int PRIMARY KEY, q int);`);
    const n = [{ schema: null, name: "n" }];
    const alone = plan("ALTER TABLE n DROP COLUMN q;", catalog, n).plan?.steps;
    expect(alone?.map((s) => [s.phase, s.final])).toEqual([["expand", true]]);
    const mixed = plan("ALTER TABLE n DROP COLUMN q;\nDROP INDEX ta;", catalog, n).plan?.steps ?? [];
    expect(mixed.filter((s) => s.final).every((s) => s.stage === "drop")).toBe(true);
    for (const rows of ["DELETE FROM n WHERE q = 1;", "TRUNCATE TABLE n;"]) {
      const steps = plan(`${rows}\nDROP INDEX ta;`, catalog, n).plan?.steps ?? [];
      expect(steps.filter((s) => s.phase !== "contract").map((s) => s.final)).toEqual([false]);
    }
  });

  it("gives every step an id of its own", () => {
    const ids =
      planOn(
        TABLE,
        `\nALTER TABLE t RENAME COLUMN a TO b, DROP COLUMN c;`.replace(", DROP", "; ALTER TABLE t DROP"),
      ).plan?.steps.map((s) => s.id) ?? [];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("refuses rows that only a key of the same file would order", () => {
    const lone = "CREATE TABLE lone (a int NOT NULL, b text);";
    const change = "UPDATE lone SET b = 'x' WHERE b IS NULL;";
    for (const key of ["ALTER TABLE lone ADD PRIMARY KEY (a);", "CREATE UNIQUE INDEX lone_a ON lone (a);"])
      expect(planOn(lone, `${key}\n${change}`).refusals).toMatchObject([
        { line: 2, reason: expect.stringContaining("lone"), help: expect.stringContaining("later migration") },
      ]);
    expect(planOn(`${lone} ALTER TABLE lone ADD PRIMARY KEY (a);`, change).refusals).toEqual([]);
  });

  it("plans the same twice, so that what was reviewed is what runs", () => {
    const text = "ALTER TABLE t RENAME COLUMN a TO b;";
    expect(planOn(TABLE, text)).toEqual(planOn(TABLE, text));
  });

  it("plans an operation on what the one before it leaves", () => {
    expect(planOn(TABLE, `\nALTER TABLE t RENAME COLUMN a TO b;\nALTER TABLE t DROP COLUMN a;`).refusals).toMatchObject(
      [{ line: 3, reason: expect.stringContaining("no column a") }],
    );
  });

  it("refuses at its place what it cannot plan, and plans nothing of the file", () => {
    const { plan: planned, refusals } = planOn(TABLE, `\nDELETE FROM t;\nCALL p();`);
    expect(planned).toBeNull();
    expect(refusals.map((r) => [r.line, r.reason])).toEqual([
      [2, expect.stringContaining("DELETE without WHERE")],
      [3, expect.stringContaining("call")],
    ]);
  });

  it("refuses a table that the files do not know", () => {
    expect(plan("ALTER TABLE unknown RENAME COLUMN a TO b;").refusals).toMatchObject([
      { reason: expect.stringContaining("not known"), help: expect.stringContaining("--database-url") },
    ]);
  });

  it("refuses to move the rows of a table that has no key to walk it by", () => {
    const rename = "ALTER TABLE t RENAME COLUMN a TO b;";
    const byKey = `-- zmigrate:batch key=id\n${rename}`;
    expect(planOn("CREATE TABLE t (id int UNIQUE, a text);", byKey).refusals).toMatchObject([
      { line: 2, reason: expect.stringContaining("no primary key") },
    ]);
    const parted = "CREATE TABLE t (id int, a text) PARTITION BY RANGE (id);";
    expect(planOn(parted, "UPDATE t SET a = '';").refusals).not.toEqual([]);
    // By the places of its rows.
    expect(planOn("CREATE TABLE t (id int UNIQUE, a text);", rename).refusals).toEqual([]);
    expect(planOn("CREATE TABLE t (id int NOT NULL UNIQUE, a text);", rename).refusals).toEqual([]);
    expect(plan("CREATE TABLE t (id int, a text);\nALTER TABLE t ADD COLUMN c int;").refusals).toEqual([]);
  });

  it("refuses a second change of a column that the same file renames or drops", () => {
    const chained = planOn(TABLE, `\nALTER TABLE t RENAME COLUMN a TO b;\nALTER TABLE t RENAME COLUMN b TO d;`);
    expect(chained.refusals).toMatchObject([{ line: 3, reason: expect.stringContaining("renames a to b") }]);
    const dropped = planOn(TABLE, `\nALTER TABLE t RENAME COLUMN a TO b;\nALTER TABLE t DROP COLUMN b;`);
    expect(dropped.refusals).toMatchObject([{ line: 3 }]);
  });

  it("leaves out what only sets the session, and says so", () => {
    const { plan: planned } = plan(`SET lock_timeout = '1s';\n${TABLE}`);
    expect(planned?.steps.map((s) => s.kind)).toEqual(["ddl"]);
    expect(planned?.notes.join()).toContain("SET lock_timeout");
  });

  it("leaves out what Django and others write for one transaction, unless rows depend on it", () => {
    const add = "ALTER TABLE t ADD COLUMN n int;";
    for (const sql of [
      'SET CONSTRAINTS "fk" IMMEDIATE;',
      "SET CONSTRAINTS ALL IMMEDIATE;",
      "RESET lock_timeout;",
      "LOCK TABLE t IN EXCLUSIVE MODE;",
    ]) {
      const { plan: planned, refusals } = planOn(TABLE, `\n${sql}\n${add}`);
      expect([sql, refusals]).toEqual([sql, []]);
      expect(planned?.steps.map((s) => s.kind)).toEqual(["ddl"]);
      expect(planned?.notes.join()).toContain(`\`${sql.slice(0, -1)}\` is left out`);
    }
    const helpOf = (sql: string) => planOn(TABLE, `\n${sql}`).refusals[0]?.help;
    expect(helpOf("SET CONSTRAINTS ALL DEFERRED;")).toContain("INITIALLY DEFERRED");
    expect(helpOf("LOCK TABLE t;\nUPDATE t SET c = 1;")).toContain("Leave LOCK TABLE out where");
    expect(helpOf("RESET search_path;")).toContain("leave the SET out");
  });

  it("leaves out what a script of pg_dump sets, but for the check of bodies", () => {
    const body = "CREATE FUNCTION public.f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM public.later'";
    const dump = `SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET row_security = off;
SET default_tablespace = '';
SET default_table_access_method = heap;
${body};
CREATE TABLE public.later (id int PRIMARY KEY);`;
    const planned = plan(dump, emptyCatalog("database", "public"));
    expect(planned.refusals).toEqual([]);
    expect(planned.plan?.steps.map((s) => s.sql)).toEqual([
      ["SET LOCAL check_function_bodies = off", body],
      [expect.stringContaining("CREATE TABLE")],
    ]);
    // The next file's session has a search path again.
    expect(plan("ALTER TABLE later ADD COLUMN n int;", planned.catalog).refusals).toEqual([]);
    const other = ["on", "off", "on"].map((value) => `SET check_function_bodies = ${value};`).join("\n");
    expect(plan(`${other}\n${body};`).plan?.steps[0]?.sql).toEqual([body]);
    for (const sql of [
      "SET default_tablespace = fast",
      "SET standard_conforming_strings = off",
      "SET row_security = on",
    ])
      expect(plan(`${sql};`).refusals[0]?.reason).toContain("changes what the statements behind it mean");
  });

  it("says once what a rollback leaves, apart from the notes", () => {
    const said = planOn(TABLE, "UPDATE t SET c = 1;\nUPDATE t SET c = 2;\nCOMMENT ON TABLE t IS 'x';").plan;
    expect(said?.leaves).toEqual([
      expect.stringMatching(/^A rollback leaves the rows/),
      expect.stringMatching(/^A rollback leaves the comment on TABLE t/),
    ]);
    expect(said?.notes.join()).not.toContain("rollback leaves");
    expect(planOn(TABLE, "ALTER TABLE t ADD COLUMN d int;").plan?.leaves).toBeUndefined();
  });

  it("refuses what would change the meaning of the rest, or be lost", () => {
    for (const sql of ["SET search_path = other;", "ROLLBACK;", "SAVEPOINT s;", "SET ROLE admin;"])
      expect(planOn(TABLE, `\n${sql}`).refusals, sql).toMatchObject([{ line: 2 }]);
  });

  it("holds statements to the phase that the author gave", () => {
    const refused = planOn(TABLE, `\n-- zmigrate:phase expand\nALTER TABLE t DROP COLUMN c;`);
    expect(refused.refusals).toMatchObject([{ line: 3, reason: expect.stringContaining("expand phase") }]);
    const contract = planOn(TABLE, `\n-- zmigrate:phase contract\nALTER TABLE t DROP COLUMN a;`).plan?.steps ?? [];
    expect(contract.slice(1).every((s) => s.phase === "contract")).toBe(true);
  });

  it("takes gates and batches from directives", () => {
    const { plan: planned } = planOn(
      TABLE,
      `-- zmigrate:gate soak=2h\n-- zmigrate:batch rows=50 target=100ms key=id\nALTER TABLE t RENAME COLUMN a TO b;`,
    );
    expect(planned?.gates).toEqual([{ name: "soak", setting: "7200000" }]);
    expect(planned?.steps.find((s) => s.backfill !== null)?.backfill).toMatchObject({
      rows: 50,
      targetMs: 100,
      key: ["id"],
    });
  });

  describe("on a table that no running code knows", () => {
    const stretches = ({ plan: planned }: ReturnType<typeof plan>) => planned?.steps.map((s) => s.stage ?? s.phase);

    it("renames and drops at once, whatever phase they stand in", () => {
      const planned = plan(
        `${TABLE}ALTER TABLE t RENAME COLUMN id TO key;\n-- zmigrate:phase contract\nALTER TABLE t DROP COLUMN c;`,
      );
      expect(stretches(planned)).toEqual(["expand", "expand", "expand"]);
      expect(planned.plan?.retires).toEqual([]);
      expect(planned.plan?.steps.map((s) => s.final)).toEqual([false, false, true]);
    });

    it("does so for a table that an earlier migration of the release made, however it is spelled", () => {
      const { catalog } = plan(TABLE);
      const known = { ...catalog, defaultSchema: "public" };
      const rename = "ALTER TABLE t RENAME COLUMN a TO b;";
      expect(stretches(plan(rename, known, [{ schema: "public", name: "t" }]))).toEqual(["expand"]);
      expect(stretches(plan(rename, known, [{ schema: "other", name: "t" }]))).toContain("swap");
    });

    it("does not when the table may have been there before", () => {
      const guarded = plan(
        `${TABLE.replace("TABLE t", "TABLE IF NOT EXISTS t")}ALTER TABLE t RENAME COLUMN a TO b;`,
        plan(TABLE).catalog,
      );
      expect(stretches(guarded)).toContain("swap");
      expect(guarded.plan?.creates).toEqual([]);
    });

    it("refuses what cannot be done at all, as ever", () => {
      const { refusals } = plan(`${TABLE}ALTER TABLE t RENAME COLUMN a TO c;`);
      expect(refusals).toMatchObject([{ line: 2, reason: expect.stringContaining("has a column c already") }]);
    });
  });

  it("refuses a batch key that the table does not have", () => {
    const text = "-- zmigrate:batch key=nope\nALTER TABLE t RENAME COLUMN a TO b;";
    expect(planOn(TABLE, text).refusals).toMatchObject([{ line: 2, reason: expect.stringContaining("the key nope") }]);
  });

  it("refuses a gate whose SQL is not one query, at its line", () => {
    for (const sql of ["DELETE FROM t", "SELECT true; DELETE FROM t", "SELEC"])
      expect(
        planOn(TABLE, `\n-- zmigrate:gate sql="${sql}"\nALTER TABLE t DROP COLUMN c;`).refusals,
        sql,
      ).toMatchObject([{ line: 2, reason: expect.stringContaining("not a query") }]);
  });

  it("refuses to add in the same file a column of a name that it drops or renames away", () => {
    const known = { ...plan(TABLE).catalog, defaultSchema: "public" };
    for (const [change, what] of [
      ["DROP COLUMN a", "drops a"],
      ["RENAME COLUMN a TO b", "renames a to b"],
    ])
      expect(plan(`ALTER TABLE t ${change};\nALTER TABLE public.t ADD COLUMN a int;`, known).refusals).toMatchObject([
        { line: 2, reason: expect.stringContaining(`already ${what}`) },
      ]);
  });
});

it("gives no right on MySQL in front of a REVOKE that takes it", async () => {
  const engine = await engineFor("mysql");
  await engine.load();
  const text = "REVOKE ALL PRIVILEGES ON `d`.`t` FROM 'app'@'%';\nGRANT SELECT ON `d`.`t` TO 'app'@'%';\n";
  const migration = parseMigration({ id: "20260101000000", slug: "x", file: "x.sql", text, checksum: "" }, engine);
  const { refusals } = planMigration(migration, {
    engine,
    catalog: emptyCatalog("files", "d"),
    version: engine.newestVersion,
  });
  expect(refusals).toMatchObject([{ line: 2, reason: expect.stringContaining("would be gone again") }]);
});

it("changes the type of a NOT NULL column that takes no constant as its default, from MySQL's files alone", async () => {
  const engine = await engineFor("mysql");
  await engine.load();
  const plan = (text: string, catalog = emptyCatalog("files", null, "mysql")) =>
    planMigration(parseMigration({ id: "20260101000000", slug: "x", file: "x.sql", text, checksum: "" }, engine), {
      engine,
      catalog,
      version: { text: "9.7", parts: [9, 7] },
    });
  const { catalog } = plan(
    "CREATE TABLE kv (k varchar(20) PRIMARY KEY, t text NOT NULL, b blob NOT NULL, j json NOT NULL);",
  );
  for (const change of [
    "MODIFY t longtext NOT NULL",
    "MODIFY b longblob NOT NULL",
    "MODIFY j longtext NOT NULL",
    "DROP t",
  ])
    expect(plan(`ALTER TABLE kv ${change};`, catalog).refusals, change).toEqual([]);
});

it("says that what is changed of an index which goes with its column may be left out, where the two cannot be in one file", async () => {
  const engine = await engineFor("mysql");
  await engine.load();
  const plan = (text: string, catalog = emptyCatalog("files", null, "mysql")) =>
    planMigration(parseMigration({ id: "20260101000000", slug: "x", file: "x.sql", text, checksum: "" }, engine), {
      engine,
      catalog,
      version: { text: "9.7", parts: [9, 7] },
    });
  const { catalog } = plan("CREATE TABLE t (id int PRIMARY KEY, a int, KEY sa (a));");
  const [refusal] = plan("ALTER TABLE t RENAME INDEX sa TO sb, DROP COLUMN a;", catalog).refusals;
  expect(refusal?.help).toMatch(/later migration.*Or leave the former out/);
  expect(plan("ALTER TABLE t DROP COLUMN a;", catalog).refusals).toEqual([]);
});
