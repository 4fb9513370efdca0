import { describe, expect, it } from "vitest";
import type { Engine } from "../../src/engines/engine.js";
import { createMysqlEngine } from "../../src/engines/mysql/index.js";
import { postgresEngine } from "../../src/engines/postgres/index.js";
import { emptyCatalog } from "../../src/history/replay.js";
import type { Migration } from "../../src/model/migration.js";
import { goneRefusals, withGone } from "../../src/plan/refuse-gone.js";

const mysql = createMysqlEngine("mysql");
const mariadb = createMysqlEngine("mariadb");

function migration(engine: Engine, id: string, text: string): Migration {
  const { statements, problems } = engine.parse(text);
  expect(problems, text).toEqual([]);
  return { id, slug: `m${id}`, file: `${id}.sql`, text, checksum: "", statements, directives: [] };
}

/** The help for each place that is refused in the last of these files, as `line:column help`. */
async function refused(engine: Engine, texts: readonly string[], begun = 0): Promise<string[]> {
  await engine.load();
  const all = texts.map((text, n) => migration(engine, String(n + 1), text));
  const dialect = engine.name === "postgres" ? undefined : engine.name;
  const catalog = emptyCatalog("database", engine.name === "postgres" ? "public" : "db", dialect);
  const found = goneRefusals(all.slice(0, begun), all.slice(begun), { engine, catalog });
  const last = found.get(String(texts.length)) ?? [];
  return last.map(({ line, column, help }) => `${line}:${column} ${help}`);
}

const RENAME = "ALTER TABLE t RENAME COLUMN a TO b;";
const WRITE_B = "1:1 Write b in its place.";

describe("a column that a former migration renames (PostgreSQL)", () => {
  it.each([
    "CREATE INDEX ON t (a)",
    "CREATE INDEX ON public.t ((a + 1))",
    "CREATE INDEX ON t (k) INCLUDE (a)",
    "CREATE INDEX ON t (k) WHERE a > 0",
    "ALTER TABLE t ADD CHECK (a > 0)",
    "ALTER TABLE t ADD COLUMN g int GENERATED ALWAYS AS (a + 1) STORED",
    "ALTER TABLE t ALTER a SET NOT NULL",
    "ALTER TABLE t RENAME a TO c",
    "ALTER TABLE t DROP a",
    "CREATE TABLE u (a int REFERENCES t (a))",
    "CREATE VIEW v AS SELECT x.a, k FROM t x ORDER BY 1",
    "CREATE MATERIALIZED VIEW v AS SELECT a + 1 AS s FROM t",
    "CREATE POLICY p ON t USING (a > 0)",
    "CREATE STATISTICS s ON a, k FROM t",
    "CREATE TRIGGER g BEFORE UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION f()",
    "CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW WHEN (NEW.a > 0) EXECUTE FUNCTION f()",
    "GRANT SELECT (a) ON t TO r",
    "COMMENT ON COLUMN t.a IS 'x'",
    "UPDATE t SET k = a",
    "DELETE FROM t WHERE a = 1",
    "INSERT INTO t (a) VALUES (1)",
    "INSERT INTO u SELECT a FROM t",
  ])("is refused in %s", async (sql) => expect(await refused(postgresEngine, [RENAME, sql])).toEqual([WRITE_B]));

  it.each([
    "ALTER TABLE t ADD COLUMN a int",
    "ALTER TABLE t ADD COLUMN a int; CREATE INDEX ON t (a)",
    "ALTER TABLE t RENAME COLUMN k TO a",
    "ALTER TABLE t DROP COLUMN IF EXISTS a",
    'ALTER TABLE t DROP COLUMN "A"',
    "CREATE INDEX ON other (a)",
    "CREATE INDEX ON s.t (a)",
    "CREATE VIEW v AS SELECT k AS a FROM t ORDER BY a",
    "CREATE VIEW v AS SELECT u.a FROM t JOIN u ON u.id = t.id",
    "CREATE VIEW v AS WITH q (a) AS (SELECT b FROM t) SELECT a FROM q",
    "CREATE VIEW v AS SELECT a FROM t, unnest(array[1]) AS a",
    "CREATE VIEW v AS SELECT a(k) FROM t",
    "UPDATE t SET k = 1 FROM u WHERE u.a = 1",
    "UPDATE u SET a = 1",
    "DELETE FROM t WHERE k IN (SELECT a FROM u)",
    "INSERT INTO t (k) SELECT a FROM u",
    "CREATE POLICY p ON t USING (k IN (SELECT a FROM u))",
    "DROP TABLE t; CREATE TABLE t (a int); CREATE INDEX ON t (a)",
    "CREATE TEMP TABLE t (a int); INSERT INTO t (a) VALUES (1)",
    "DO $$ BEGIN EXECUTE 'x'; END $$; CREATE INDEX ON t (a)",
  ])("is not in %s", async (sql) => expect(await refused(postgresEngine, [RENAME, sql])).toEqual([]));
});

describe.each([mysql, mariadb])("a column that a former migration renames ($name)", (engine) => {
  it.each([
    "CREATE INDEX i ON t (A)",
    "ALTER TABLE t ADD CHECK (k > a)",
    "ALTER TABLE t ADD COLUMN g int AS (a + 1)",
    "ALTER TABLE t ADD COLUMN z int AFTER a",
    "ALTER TABLE t MODIFY a bigint",
    "ALTER TABLE t CHANGE a c int",
    "ALTER TABLE t DROP COLUMN a",
    "CREATE TABLE u (a int, FOREIGN KEY (a) REFERENCES t (a))",
    "CREATE VIEW v AS SELECT x.a, k FROM t x WHERE a > 0",
    "CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW SET NEW.a = 1",
    "UPDATE t SET k = a + 1",
    "DELETE FROM t WHERE a = 1",
    "INSERT INTO t (a) VALUES (1)",
  ])("is refused in %s", async (sql) => {
    const found = await refused(engine, ["ALTER TABLE t CHANGE a b int", sql]);
    expect(found.map((f) => f.replace(/^\d+:\d+ /, ""))).toEqual(["Write b in its place."]);
  });

  it.each([
    "ALTER TABLE t ADD COLUMN a int, ADD INDEX (a)",
    "ALTER TABLE t CHANGE k a int",
    "CREATE VIEW v AS SELECT k a FROM t ORDER BY a",
    "CREATE VIEW v AS SELECT k AS a FROM t ORDER BY a",
    "CREATE VIEW v AS SELECT u.a FROM t JOIN u",
    "CREATE VIEW v AS SELECT d.a FROM (SELECT b AS a FROM t) d",
    "CREATE TRIGGER g BEFORE UPDATE ON other FOR EACH ROW SET NEW.a = 1",
    "UPDATE t JOIN u ON u.id = t.id SET u.a = 1",
    "DELETE FROM t WHERE k IN (SELECT a FROM u)",
    "ALTER TABLE t ADD CHECK (k > 'a')",
  ])("is not in %s", async (sql) => expect(await refused(engine, [RENAME, sql])).toEqual([]));

  it("may be exchanged with another in one statement", async () => {
    const swap = "ALTER TABLE t RENAME COLUMN a TO b, RENAME COLUMN b TO a;";
    expect(await refused(engine, [swap, "CREATE INDEX i ON t (a, b)"])).toEqual([]);
  });
});

it("says what a column is called after all that was passed, and where there is none, to leave it out", async () => {
  const again = "ALTER TABLE t RENAME COLUMN b TO c;";
  expect(await refused(postgresEngine, [RENAME, again, "CREATE INDEX ON t (a)"])).toEqual([
    "1:1 Write c in its place.",
  ]);
  const [dropped] = await refused(postgresEngine, [RENAME, "ALTER TABLE t DROP b;", "CREATE INDEX ON t (a)"]);
  expect(dropped).toMatch(/^1:1 Leave it out/);
  const back = "ALTER TABLE t RENAME COLUMN b TO a;";
  expect(await refused(postgresEngine, [RENAME, back, "CREATE INDEX ON t (a)"])).toEqual([]);
  expect(await refused(postgresEngine, [RENAME, "ALTER TABLE t RENAME TO u", "CREATE INDEX ON u (a)"])).toEqual([
    WRITE_B,
  ]);
});

it("refuses nothing of a migration that is begun, and tells a late file to come later", async () => {
  expect(await refused(postgresEngine, [RENAME, "CREATE INDEX ON t (a)"], 2)).toEqual([]);
  await postgresEngine.load();
  const begun = migration(postgresEngine, "5", RENAME);
  const late = migration(postgresEngine, "1", "CREATE INDEX ON t (a)");
  const catalog = emptyCatalog("database", "public");
  const [refusal] = goneRefusals([begun], [late], { engine: postgresEngine, catalog }).get("1") ?? [];
  expect(refusal?.help).toContain("a number behind that migration's");
  const dropping = migration(postgresEngine, "2", "ALTER TABLE t DROP COLUMN a");
  const [tooLate] = goneRefusals([dropping], [late], { engine: postgresEngine, catalog }).get("1") ?? [];
  expect(tooLate?.help).toContain("`zmigrate rollback 2`");
  expect(refusal?.reason).toBe("Migration 5 (m5) renames a to b: t has no column a when this runs.");
  const same = refusal === undefined ? [] : [refusal];
  expect(withGone(same, same)).toEqual(same);
});
