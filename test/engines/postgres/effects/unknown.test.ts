import { beforeAll, describe, expect, it } from "vitest";
import { postgresEffects } from "../../../../src/engines/postgres/effects/index.js";
import { typeFacts } from "../../../../src/engines/postgres/effects/types.js";
import { volatilityOf } from "../../../../src/engines/postgres/effects/volatility.js";
import { loadParser, parsePostgres } from "../../../../src/engines/postgres/parse/index.js";
import type { Catalog } from "../../../../src/model/catalog.js";

beforeAll(loadParser);

const NOTHING_KNOWN: Catalog = { source: "files", complete: false, defaultSchema: "public", tables: [] };

const effectOf = (sql: string) => {
  const [operation] = parsePostgres(sql).statements.flatMap((s) => s.operations);
  if (operation === undefined) throw new Error(`no operation in ${sql}`);
  return postgresEffects(operation, { catalog: NOTHING_KNOWN, version: { text: "14", parts: [14] } });
};

describe("without knowing the table", () => {
  it("adding a nullable column is as brief as ever, and assumes nothing", () => {
    expect(effectOf("ALTER TABLE t ADD n int")).toMatchObject({ rewrite: false, scan: false, breaks: [], assumes: [] });
  });

  it("IF NOT EXISTS may keep another type", () => {
    expect(effectOf("ALTER TABLE t ADD COLUMN IF NOT EXISTS n int").assumes.join()).toMatch(/another type/);
  });

  it("dropping and renaming break old code and say what was not looked at", () => {
    for (const sql of ["ALTER TABLE t DROP COLUMN a", "ALTER TABLE t RENAME a TO b"]) {
      const stated = effectOf(sql);
      expect(stated.breaks).toMatchObject([{ what: "both", who: "N-1" }]);
      expect(stated.assumes.join()).toMatch(/the table is not known/);
    }
    expect(effectOf("ALTER TABLE t DROP COLUMN a").destroys).toBe(true);
    expect(effectOf("ALTER TABLE t RENAME a TO b").destroys).toBe(false);
  });

  it("a partition's parent may have a DEFAULT partition and foreign keys", () => {
    const stated = effectOf("CREATE TABLE n PARTITION OF p FOR VALUES IN (1)");
    expect(stated.locks).toMatchObject([{ mode: "ACCESS EXCLUSIVE", held: "scan", blocks: "reads" }]);
    expect(stated.assumes).toHaveLength(2);
  });
});

describe("what breaks old code", () => {
  it.each([
    ["ALTER TABLE t ADD n int NOT NULL", "writes"],
    ["ALTER TABLE t ADD n int PRIMARY KEY", "writes"],
    ["ALTER TABLE t ADD n int DEFAULT 1 UNIQUE", "writes"],
    ["ALTER TABLE t ADD n json", "reads"],
    ["ALTER TABLE t ADD n json[]", "reads"],
  ])("%s", (sql, what) => {
    expect(effectOf(sql).breaks).toMatchObject([{ what, who: "N-1" }]);
  });

  it.each([
    "ALTER TABLE t ADD n jsonb NOT NULL DEFAULT '{}'",
    "ALTER TABLE t ADD n bigserial",
    "ALTER TABLE t ADD n int GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    "ALTER TABLE t ADD n int UNIQUE",
    "CREATE TABLE n (a json)",
    "CREATE INDEX ON t (a)",
  ])("not %s", (sql) => {
    expect(effectOf(sql).breaks).toEqual([]);
  });
});

describe("a function that names the column", () => {
  const column = { columns: ["a"] };
  const table: Catalog["tables"][number] = {
    relation: { schema: "public", name: "t" },
    columns: [],
    constraints: [],
    indexes: [],
    referencedBy: [],
    dependents: [{ kind: "function", name: "f", ...column }],
    partitioned: false,
    rows: null,
    bytes: null,
  };

  it("breaks new code too, after a rename and a drop", () => {
    for (const sql of ["ALTER TABLE t DROP COLUMN a", "ALTER TABLE t RENAME a TO b"]) {
      const [operation] = parsePostgres(sql).statements.flatMap((s) => s.operations);
      if (operation === undefined) throw new Error("no operation");
      const context = { catalog: { ...NOTHING_KNOWN, tables: [table] }, version: { text: "18", parts: [18] } };
      expect(postgresEffects(operation, context).breaks.map((b) => b.who)).toEqual(["N-1", "N"]);
    }
  });
});

describe("what is not modelled", () => {
  it("is taken for the worst, and says so", () => {
    const [read] = parsePostgres("ALTER TABLE t ALTER a TYPE bigint").statements.flatMap((s) => s.operations);
    if (read?.kind !== "other") throw new Error("no operation");
    const { detail: _, ...operation } = read;
    const version = { text: "14", parts: [14] };
    expect(postgresEffects(operation, { catalog: NOTHING_KNOWN, version })).toMatchObject({
      locks: [{ relation: { schema: null, name: "t" }, mode: "ACCESS EXCLUSIVE", held: "rewrite" }],
      rewrite: true,
      destroys: true,
      assumes: [expect.stringContaining("alter-column-type")],
    });
  });

  it("is nothing where it is harmless", () => {
    expect(effectOf("SELECT 1")).toMatchObject({ locks: [], rewrite: false, destroys: false, assumes: [] });
  });
});

describe("typeFacts", () => {
  it.each([
    "int",
    "varchar(10)",
    "double precision",
    "timestamp(3) with time zone",
    "text[]",
    "app.anything[]",
    "uuid",
    "citext",
    'pg_catalog."char"',
    "interval day to second",
  ])("%s is no domain", (type) => {
    expect(typeFacts(type).base).toBe(true);
  });

  it.each(["app.text", "email", '"TEXT"', "not a type", ""])("%s may be one", (type) => {
    expect(typeFacts(type).base).toBe(false);
  });
});

describe("volatilityOf", () => {
  it.each([
    ["now()", false, []],
    ["pg_catalog.random()", true, []],
    ["app.now()", true, ["app.now"]],
    ["lower(f(x => 1))", true, ["f"]],
    ["'random()'", false, []],
    ["1 +", true, ["1 +"]],
  ])("%s", (expression, volatile, unknown) => {
    expect(volatilityOf(expression)).toEqual({ volatile, unknown });
  });
});
