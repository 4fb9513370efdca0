import { beforeAll, describe, expect, it } from "vitest";
import { findTable } from "../../src/engines/engine.js";
import { loadParser, parsePostgres } from "../../src/engines/postgres/parse/index.js";
import { unreadRunsOn } from "../../src/engines/table-lookup.js";
import { applyOperation, emptyCatalog } from "../../src/history/replay.js";
import type { Catalog, Table } from "../../src/model/catalog.js";

beforeAll(loadParser);

const replayed = (sql: string, from: Catalog = emptyCatalog("files", "public")): Catalog =>
  parsePostgres(sql)
    .statements.flatMap((s) => s.operations)
    .reduce(applyOperation, from);

const table = (catalog: Catalog, name: string): Table => {
  const found = findTable(catalog, { schema: null, name });
  if (found === null) throw new Error(`${name} is not known`);
  return found;
};

const USERS = `
CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL DEFAULT 'email' UNIQUE,
  team int REFERENCES teams (id) ON DELETE CASCADE,
  CONSTRAINT "Not Empty" CHECK (email <> 'email' AND length(email) > 0));
CREATE INDEX ON users (lower(email)) INCLUDE (id) WHERE email <> 'x';
`;

describe("emptyCatalog", () => {
  it("is complete unless only files were read", () => {
    expect(emptyCatalog("files", "public")).toMatchObject({ complete: false, tables: [], defaultSchema: "public" });
    expect(emptyCatalog("shadow", null).complete).toBe(true);
  });
});

describe("a created table", () => {
  it("is known with its columns, constraints and indexes", () => {
    const users = table(replayed(USERS), "users");
    expect(users.columns.map((c) => [c.name, c.type, c.notNull])).toEqual([
      ["id", "bigint", true],
      ["email", "text", true],
      ["team", "int", false],
    ]);
    expect(users.constraints.map((c) => [c.kind, c.name, c.columns, c.definition])).toEqual([
      ["primary-key", "users_pkey", ["id"], "PRIMARY KEY (id)"],
      ["unique", "users_email_key", ["email"], "UNIQUE (email)"],
      ["foreign-key", "users_team_fkey", ["team"], "FOREIGN KEY (team) REFERENCES teams(id) ON DELETE CASCADE"],
      ["check", "Not Empty", ["email"], "CHECK (email <> 'email' AND length(email) > 0)"],
    ]);
    expect(users.indexes.map((i) => [i.name, i.columns, i.unique, i.constraint])).toEqual([
      ["users_pkey", ["id"], true, "users_pkey"],
      ["users_email_key", ["email"], true, "users_email_key"],
      ["users_lower_id_idx", ["id", "email"], false, null],
    ]);
    expect(users.indexes[2]?.definition).toBe(
      "CREATE INDEX users_lower_id_idx ON users (lower(email)) INCLUDE (id) WHERE email <> 'x'",
    );
  });

  it("is noted at the tables that it points at", () => {
    const catalog = replayed(
      `CREATE TABLE teams (id int PRIMARY KEY); ${USERS}; CREATE TABLE more (t int REFERENCES teams)`,
    );
    expect(table(catalog, "teams").referencedBy).toEqual([
      { relation: { schema: null, name: "users" }, constraint: "users_team_fkey", columns: ["id"] },
      { relation: { schema: null, name: "more" }, constraint: "more_t_fkey", columns: ["id"] },
    ]);
    expect(table(replayed("DROP TABLE more", catalog), "teams").referencedBy).toHaveLength(1);
  });

  it("has a key that is not null, also when the key is written apart", () => {
    expect(table(replayed("CREATE TABLE t (a int, b int, PRIMARY KEY (a), NOT NULL b)"), "t").columns).toMatchObject([
      { notNull: true },
      { notNull: true },
    ]);
  });

  it("stays as it was when it may exist already", () => {
    const catalog = replayed("CREATE TABLE t (a int)");
    expect(replayed("CREATE TABLE IF NOT EXISTS public.t (b int)", catalog)).toBe(catalog);
  });

  it.each([
    "CREATE TABLE x (a int); CREATE TABLE t AS SELECT abs(a) AS a FROM x",
    "CREATE TABLE x (a int); CREATE TABLE t AS SELECT a, a + 1 AS b FROM x",
    "CREATE TABLE t AS SELECT * FROM u",
    "CREATE TABLE x (a int); CREATE TABLE t AS SELECT a FROM x, u",
    "CREATE TABLE x (a int); CREATE TABLE t AS SELECT a FROM x UNION SELECT 1.5",
    "CREATE TABLE x (a int); CREATE TABLE t AS WITH x AS (SELECT 'a' AS a) SELECT * FROM x",
    "CREATE TABLE x (a int); CREATE TABLE y (a int, b int); CREATE TABLE t AS SELECT * FROM x JOIN y USING (a)",
    "CREATE TABLE x (a int); CREATE TABLE t AS SELECT q.a FROM (SELECT 'a' AS a) q, x",
    "CREATE TABLE x (a int); CREATE TABLE t AS SELECT a FROM x AS x (b)",
    "CREATE TABLE x (a int); CREATE TABLE t AS SELECT x FROM x",
    "CREATE TABLE t AS SELECT 1, 2",
    "CREATE TABLE t (LIKE u)",
    "CREATE TABLE t (b int) INHERITS (u)",
    "CREATE TABLE t PARTITION OF u DEFAULT",
    "CREATE TEMP TABLE t (a int)",
  ])("is unknown where the text does not tell: %s", (sql) => {
    expect(findTable(replayed(sql), { schema: null, name: "t" })).toBeNull();
  });

  it("is known where a query's text tells its columns", () => {
    const t = table(replayed("CREATE TABLE x (a bigserial, b citext); CREATE TABLE t AS SELECT *, 1 AS c FROM x"), "t");
    expect(t.columns.map(({ name, type, notNull }) => `${name} ${type} ${notNull}`)).toEqual([
      "a bigint false",
      "b citext false",
      "c integer false",
    ]);
  });

  it("that is not told makes a complete catalog incomplete", () => {
    expect(replayed("CREATE TABLE t AS SELECT 1", emptyCatalog("shadow", "public")).complete).toBe(false);
  });
});

describe("columns", () => {
  it("are added at their place, with their constraints", () => {
    const t = table(replayed("CREATE TABLE t (a int); ALTER TABLE public.t ADD b serial UNIQUE CHECK (b > 0)"), "t");
    expect(t.columns.map((c) => [c.name, c.autoIncrement])).toEqual([
      ["a", false],
      ["b", true],
    ]);
    expect(t.constraints.map((c) => c.definition)).toEqual(["CHECK (b > 0)", "UNIQUE (b)"]);
    const [operation] = parsePostgres("ALTER TABLE t ADD n int").statements.flatMap((s) => s.operations);
    if (operation?.kind !== "add-column") throw new Error("no column");
    const base = replayed("CREATE TABLE t (a int, b int)");
    const placed = (position: typeof operation.position) =>
      table(applyOperation(base, { ...operation, position }), "t").columns.map((c) => c.name);
    expect(placed("first")).toEqual(["n", "a", "b"]);
    expect(placed({ after: "a" })).toEqual(["a", "n", "b"]);
    expect(placed(null)).toEqual(["a", "b", "n"]);
  });

  it("are not added twice", () => {
    const catalog = replayed("CREATE TABLE t (a int)");
    expect(replayed("ALTER TABLE t ADD COLUMN IF NOT EXISTS a text UNIQUE", catalog)).toBe(catalog);
  });

  it("are renamed wherever the table names them, and nowhere else", () => {
    const catalog = replayed(
      `CREATE TABLE teams (id int PRIMARY KEY); ${USERS}; ALTER TABLE users RENAME email TO "E mail"`,
    );
    const users = table(catalog, "users");
    expect(users.columns.map((c) => c.name)).toEqual(["id", "E mail", "team"]);
    expect(users.constraints.map((c) => c.definition)).toEqual([
      "PRIMARY KEY (id)",
      'UNIQUE ("E mail")',
      "FOREIGN KEY (team) REFERENCES teams(id) ON DELETE CASCADE",
      `CHECK ("E mail" <> 'email' AND length("E mail") > 0)`,
    ]);
    expect(users.columns[1]?.default).toBe("'email'");
    expect(users.indexes[2]?.definition).toBe(
      `CREATE INDEX users_lower_id_idx ON users (lower("E mail")) INCLUDE (id) WHERE "E mail" <> 'x'`,
    );
    expect(users.indexes[2]?.columns).toEqual(["id", "E mail"]);
  });

  it("keep the name in what a foreign key points at, and pass it on to who points at them", () => {
    const sql = "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (id int REFERENCES p (id));";
    const renamed = replayed(`${sql} ALTER TABLE c RENAME id TO k; ALTER TABLE p RENAME id TO pid`);
    expect(table(renamed, "c").constraints[0]?.definition).toBe("FOREIGN KEY (k) REFERENCES p(id)");
    expect(table(renamed, "p").referencedBy[0]?.columns).toEqual(["pid"]);
  });

  it("take with them what is over them alone", () => {
    const catalog = replayed("CREATE TABLE p (id int PRIMARY KEY, a int UNIQUE CHECK (a > 0), b int REFERENCES p); ");
    const p = table(replayed("ALTER TABLE p DROP COLUMN a, DROP COLUMN b", catalog), "p");
    expect(p.columns.map((c) => c.name)).toEqual(["id"]);
    expect(p.constraints.map((c) => c.kind)).toEqual(["primary-key"]);
    expect(p.indexes).toHaveLength(1);
    expect(p.referencedBy).toEqual([]);
  });

  it("take the foreign keys that point at them", () => {
    const sql = "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (k int REFERENCES p);";
    expect(table(replayed(`${sql} ALTER TABLE p DROP COLUMN id CASCADE`), "c").constraints).toEqual([]);
  });

  it("take every index that uses them on PostgreSQL; on MySQL it becomes narrower, and the table uncertain", () => {
    const sql = "CREATE TABLE t (a int, b int, c int, UNIQUE (a, b)); CREATE INDEX k ON t (c, b)";
    const catalog = replayed(sql);
    expect(table(replayed("ALTER TABLE t DROP COLUMN a", catalog), "t").indexes.map((i) => i.name)).toEqual(["k"]);
    const mysql = replayed(
      "ALTER TABLE t DROP COLUMN a",
      replayed(sql, { ...emptyCatalog("files", null), dialect: "mysql" }),
    );
    expect(mysql.tables).toEqual([]);
    expect(mysql.complete).toBe(false);
  });

  it.each(["(date(b), b)", "(b, (c::date))", "(b, cast(c AS date))"])(
    "are not taken for functions or types in %s",
    (on) => {
      const sql = `CREATE TABLE t (date int, b timestamp, c text); CREATE INDEX i ON t ${on}; ALTER TABLE t DROP COLUMN date`;
      expect(replayed(sql).tables).toEqual([]);
    },
  );

  it("take the foreign keys of a table along that is not certain any more", () => {
    const sql = `CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (a int CONSTRAINT f REFERENCES t, b int CONSTRAINT g REFERENCES t);
      ALTER TABLE u RENAME CONSTRAINT x TO y; ALTER TABLE u DROP COLUMN a;`;
    const pointing = (more = "") => table(replayed(sql + more), "t").referencedBy.map((r) => r.constraint);
    expect(pointing()).toEqual(["g"]);
    expect(pointing("ALTER TABLE u DROP COLUMN b")).toEqual([]);
  });

  it("of an unknown table change nothing", () => {
    const catalog = replayed("CREATE TABLE t (a int)");
    expect(replayed("ALTER TABLE u ADD b int, DROP COLUMN c; ALTER TABLE u RENAME a TO b", catalog)).toEqual(catalog);
  });
});

describe("what is not modelled", () => {
  const T = "CREATE TABLE t (a int); CREATE INDEX i ON t (a); CREATE TABLE u (a int);";
  const known = (sql: string) => replayed(T + sql).tables.map((t) => t.relation.name);

  it.each(["ALTER TABLE t DROP CONSTRAINT c", "ALTER TABLE t RENAME CONSTRAINT c TO d"])(
    "%s leaves the table unknown",
    (sql) => {
      expect(known(sql)).toEqual(["u"]);
    },
  );

  it("DROP OWNED BY r may have taken anything", () => {
    expect(known("DROP OWNED BY r")).toEqual([]);
  });

  it.each(["DO $$ BEGIN EXECUTE x; END $$", "CALL p()", "ALTER EXTENSION x UPDATE"])(
    "%s leaves what the files tell, and says so",
    (sql) => {
      expect(known(sql)).toEqual(["t", "u"]);
      expect(unreadRunsOn(replayed(T + sql), { schema: null, name: "t" })).toHaveLength(1);
    },
  );

  it.each([
    "INSERT INTO t VALUES (1)",
    "UPDATE t SET a = 1",
    "SELECT setval('s', 1)",
    "GRANT SELECT ON t TO r",
    "COMMENT ON TABLE t IS 'x'",
    "CREATE VIEW v AS SELECT a FROM t",
    "ALTER TABLE t VALIDATE CONSTRAINT c",
    "ALTER TABLE elsewhere ALTER a TYPE bigint",
  ])("%s leaves shapes alone", (sql) => {
    expect(known(sql)).toEqual(["t", "u"]);
  });

  it("drops an index by its name", () => {
    const catalog = replayed(`${T} DROP INDEX i`);
    expect(table(catalog, "t").indexes).toEqual([]);
  });

  it("never changes the catalog that it was given", () => {
    const catalog = replayed(T);
    const before = structuredClone(catalog);
    replayed("ALTER TABLE t ADD b int, DROP COLUMN a; ALTER TABLE u RENAME a TO z; DROP TABLE t", catalog);
    expect(catalog).toEqual(before);
  });
});
