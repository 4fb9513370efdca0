import { beforeAll, describe, expect, it } from "vitest";
import { loadParser } from "../../src/engines/postgres/parse/index.js";
import { knownRoutines, knownViews } from "../../src/engines/table-lookup.js";
import { applied, names, replayed, table } from "./replayed.js";

beforeAll(loadParser);

const T = "CREATE TABLE t (a int, b int); CREATE TABLE s.u (c int);";
const dependents = (sql: string) =>
  table(replayed(T + sql), "t").dependents.map((d) => [d.kind, d.name, ...d.columns].join(" "));

describe("what hangs on a table", () => {
  it.each([
    ["CREATE VIEW v AS SELECT a FROM t", ["view v a"]],
    ["CREATE VIEW s.v AS SELECT * FROM t JOIN s.u ON true", ["view s.v a b"]],
    ["CREATE VIEW v AS SELECT a FROM t; ALTER VIEW v RENAME TO w", ["view w a"]],
    ["CREATE VIEW v AS SELECT a FROM t; DROP VIEW IF EXISTS v", []],
    ["CREATE VIEW v AS SELECT a FROM t; CREATE OR REPLACE VIEW v AS SELECT c FROM s.u", []],
    ["CREATE MATERIALIZED VIEW m AS SELECT b FROM t; REFRESH MATERIALIZED VIEW m", ["materialized-view m b"]],
    ["CREATE TRIGGER g BEFORE UPDATE OF a ON t EXECUTE FUNCTION f()", ["trigger g a"]],
    ["CREATE TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION f(); ALTER TRIGGER g ON t RENAME TO h", ["trigger h"]],
    ["CREATE TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION f(); DROP TRIGGER g ON t", []],
    ["CREATE POLICY g ON t USING (a > 0)", ["policy g a"]],
    ["CREATE RULE g AS ON INSERT TO t DO NOTHING", ["rule g"]],
  ])("%s", (sql, expected) => {
    expect(dependents(sql)).toEqual(expected);
  });

  it("is over all columns where the parser does not say which", () => {
    const view = {
      object: "view",
      name: { schema: null, name: "v" },
      definer: null,
      body: null,
      trigger: null,
    } as const;
    const catalog = applied(replayed(T), "v", {
      kind: "create-object",
      ...view,
      orReplace: false,
      ifNotExists: false,
      reads: [{ schema: null, name: "t" }],
    });
    expect(table(catalog, "t").dependents).toEqual([{ kind: "view", name: "v", columns: ["a", "b"] }]);
  });
});

it("CASCADE takes triggers, views and defaults along that hang on it, and no others", () => {
  const catalog = replayed(`CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
    CREATE TABLE z (a int DEFAULT nextval('q'), b int DEFAULT n(1), c int DEFAULT m(1));
    CREATE TRIGGER x BEFORE INSERT ON z FOR EACH ROW EXECUTE FUNCTION f(); CREATE TRIGGER y BEFORE INSERT ON z FOR EACH ROW EXECUTE FUNCTION g();
    CREATE VIEW v AS SELECT n(a) AS a FROM z; CREATE VIEW over AS SELECT a FROM v; CREATE VIEW w AS SELECT b FROM z;
    DROP FUNCTION f() CASCADE; DROP FUNCTION n(int) CASCADE; DROP SEQUENCE q CASCADE`);
  const z = table(catalog, "z");
  expect(z.columns.map((c) => c.default)).toEqual([null, null, "m(1)"]);
  expect(z.dependents.map((d) => d.name)).toEqual(["y", "w"]);
  expect(knownViews(catalog).map((v) => v.name.name)).toEqual(["w"]);
});

describe("what is dropped", () => {
  it.each([
    ["DROP SCHEMA s CASCADE", ["t"]],
    ["DROP SCHEMA public CASCADE", ["s.u"]],
    ["DROP FUNCTION f(int)", ["t", "s.u"]],
    ["DROP FUNCTION f(int) CASCADE", ["t", "s.u"]],
    ["DROP SEQUENCE q CASCADE", ["t", "s.u"]],
    ["DROP EXTENSION x", ["t", "s.u"]],
    ["DROP EXTENSION x CASCADE", ["t", "s.u"]],
    ["DROP SERVER x CASCADE", ["t", "s.u"]],
    ["DROP CAST (int AS text) CASCADE", ["t", "s.u"]],
    ["ALTER TABLE t ADD CONSTRAINT k CHECK (f(1)); DROP FUNCTION f(int) CASCADE", ["s.u"]],
    ["CREATE INDEX i ON t (f(a)); DROP FUNCTION IF EXISTS f CASCADE", ["s.u"]],
    ["ALTER TABLE t ADD g int GENERATED ALWAYS AS (f(a)) STORED; DROP FUNCTION f CASCADE", ["s.u"]],
    ["ALTER TABLE t ADD g int GENERATED ALWAYS AS (f(a)) STORED; DROP FUNCTION f", ["t", "s.u"]],
    ["ALTER TABLE t ADD g serial; DROP SEQUENCE t_g_seq CASCADE", ["s.u"]],
    ["ALTER TABLE t ADD c citext; DROP EXTENSION citext CASCADE", ["s.u"]],
    ["ALTER TABLE t ADD c citext; DROP EXTENSION citext", ["t", "s.u"]],
    ['ALTER TABLE t ADD c citext; DROP EXTENSION "uuid-ossp" CASCADE', ["t", "s.u"]],
    ["ALTER TABLE t ADD c citext; DROP EXTENSION pg_cron CASCADE", ["t", "s.u"]],
    ["ALTER TABLE t ADD c thing; DROP EXTENSION x CASCADE", ["s.u"]],
    ["CREATE TYPE e AS ENUM (); ALTER TABLE t ADD c e[]; DROP EXTENSION x CASCADE", ["t", "s.u"]],
    ["ALTER TABLE t ADD c int DEFAULT brought(); DROP EXTENSION x CASCADE", ["s.u"]],
    ["CREATE INDEX i ON t USING gin (b brought_ops); DROP EXTENSION x CASCADE", ["s.u"]],
    ["CREATE COLLATION co (locale = 'C'); ALTER TABLE t ADD c text COLLATE co; DROP COLLATION co CASCADE", ["s.u"]],
    ["ALTER SCHEMA other RENAME TO q", ["t", "s.u"]],
    ["CREATE TYPE e AS ENUM (); ALTER SCHEMA other RENAME TO q", ["t", "s.u"]],
    ["ALTER TABLE t ADD x s.thing; ALTER SCHEMA s RENAME TO q", []],
    ["ALTER TABLE t DROP CONSTRAINT IF EXISTS k CASCADE", ["t", "s.u"]],
    ["DROP ROLE r", ["t", "s.u"]],
    ["DROP OWNED BY r", []],
    ["ALTER SCHEMA s RENAME TO q", ["t"]],
    ["ALTER EXTENSION x UPDATE", ["t", "s.u"]],
    ["CREATE EXTENSION x", ["t", "s.u"]],
    ["CREATE TYPE e AS ENUM (); ALTER TABLE t ADD x e; DROP TYPE e CASCADE", ["s.u"]],
    ["CREATE TYPE e AS ENUM (); DROP TYPE e", ["t", "s.u"]],
    ["DROP TYPE IF EXISTS te CASCADE", ["t", "s.u"]],
    ["ALTER TABLE t ADD x s.thing; DROP SCHEMA s CASCADE", []],
    ["CREATE TYPE s.e AS ENUM (); DROP SCHEMA s CASCADE", ["t"]],
  ])("%s", (sql, expected) => {
    expect(names(replayed(T + sql))).toEqual(expected);
  });
});

describe("types", () => {
  const types = (sql: string) =>
    (replayed(sql).types ?? []).map((t) => [t.relation.name, t.kind, t.constrained].join(" ")).toSorted();

  it.each([
    ["CREATE DOMAIN d AS int", ["d domain false"]],
    ["CREATE DOMAIN d AS int; ALTER DOMAIN d ADD CHECK (VALUE > 0) NOT VALID", ["d domain true"]],
    ["CREATE DOMAIN d AS int NOT NULL; ALTER DOMAIN d DROP NOT NULL", ["d domain true"]],
    [
      'CREATE DOMAIN "D" AS int NOT NULL; CREATE DOMAIN e AS "D"; CREATE DOMAIN f AS d',
      ["D domain true", "e domain true", "f domain false"],
    ],
    [
      "CREATE DOMAIN s.d AS int NOT NULL; CREATE DOMAIN e AS s . d; CREATE DOMAIN f AS d",
      ["d domain true", "e domain true", "f domain false"],
    ],
    ["CREATE TYPE e AS ENUM ('a'); ALTER TYPE e RENAME TO f", ["f enum false"]],
    ["BEGIN; CREATE TYPE e AS ENUM ('a'); ROLLBACK", []],
    ["CREATE TYPE e AS ENUM ('a'); DO $$ BEGIN EXECUTE x; END $$", ["e enum false"]],
  ])("%s", (sql, expected) => {
    expect(types(sql)).toEqual(expected);
  });

  it.each([
    ["CREATE DOMAIN d AS int", null],
    ["CREATE DOMAIN d AS int[]", null],
    ["CREATE DOMAIN d AS int DEFAULT 1 + (2) CHECK (VALUE > 0)", "1 + (2)"],
    ["CREATE DOMAIN d text CONSTRAINT k DEFAULT 'x' COLLATE \"C\" NOT NULL", "'x'"],
    ["CREATE DOMAIN d AS int DEFAULT 1; ALTER DOMAIN d DROP DEFAULT", null],
    ["CREATE DOMAIN d AS int; ALTER DOMAIN d SET DEFAULT f(1, 2)", "f(1, 2)"],
    ["CREATE DOMAIN s.e AS int DEFAULT 1; CREATE DOMAIN d AS s.e; ALTER DOMAIN s.e SET DEFAULT 2", "1"],
    ["CREATE DOMAIN e AS int DEFAULT 1; CREATE DOMAIN d AS e[]", null],
    ["CREATE DOMAIN e AS int DEFAULT 1; CREATE DOMAIN d AS e DEFAULT NULL", "NULL"],
    ["CREATE DOMAIN d AS unseen", undefined],
    ["CREATE DOMAIN d AS citext", null],
  ])("%s gives its columns a default", (sql, expected) => {
    expect(replayed(sql).types?.find((t) => t.relation.name === "d")?.default).toBe(expected);
  });

  it.each(['RENAME TO "Y"', "SET SCHEMA s"])("%s is followed by what is of it, or names it", (change) => {
    const catalog = replayed(`CREATE TYPE x AS ENUM ('A'); CREATE TYPE xx AS ENUM ('A'); CREATE DOMAIN d AS x[];
      CREATE TABLE z (x xx, e x DEFAULT 'A'::public.x, es public.x[], g text GENERATED ALWAYS AS (CASE x 'A' WHEN e THEN 'x' END) STORED,
        CONSTRAINT k CHECK (e <> CAST('A' AS x)));
      CREATE INDEX i ON z (x) WHERE e = 'A'::x; CREATE VIEW v AS SELECT e, x FROM z;
      CREATE FUNCTION f(x, x[], xx) RETURNS TABLE (x xx, a x) LANGUAGE sql AS 'SELECT'; ALTER TYPE x ${change}`);
    const [now, qualified] = change.startsWith("SET") ? ["s.x", "s.x"] : ['"Y"', 'public."Y"'];
    const { columns, constraints, indexes } = table(catalog, "z");
    expect(columns.map((c) => c.type)).toEqual(["xx", now, `${qualified}[]`, "text"]);
    expect(columns[1]?.default).toBe(`'A'::${qualified}`);
    expect(columns[3]?.generated?.expression).toContain(`CASE ${now} 'A' WHEN e THEN 'x' END`);
    expect(constraints.map((c) => c.definition)).toEqual([`CHECK (e <> CAST('A' AS ${now}))`]);
    expect(indexes[0]?.definition).toContain(`(x) WHERE e = 'A'::${now}`);
    expect(catalog.types?.find((t) => t.kind === "domain")?.base).toBe(`${now}[]`);
    expect(knownViews(catalog)[0]?.types).toEqual([now, "xx"]);
    const name = change.startsWith("SET") ? "x" : "Y";
    expect(knownRoutines(catalog, { schema: null, name: "f" })).toMatchObject([
      { takes: [name, `${name}[]`, "xx"], returns: `setof record, x xx, a ${name}` },
    ]);
  });

  it("are absent where none is known", () => {
    expect(replayed(T)).not.toHaveProperty("types");
  });
});
