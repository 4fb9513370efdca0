import { expect, it } from "vitest";
import { describeServer, query, until } from "../servers/index.js";
import { bareScene } from "./support/bare.js";
import { sameAsPlain } from "./support/compare.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

const RENAME = "ALTER TABLE t RENAME COLUMN a TO b";

describeServer("postgres", (server) => {
  const own = suite();

  /** One table `t` with a column `a` of this definition, filled with `values` and NULLs where they may be. */
  const carried = (
    definition: string,
    values: readonly string[],
    more: readonly string[] = [],
    before: readonly string[] = [],
  ) =>
    sameAsPlain(server, {
      setup: [
        ...before,
        `CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, x int DEFAULT 0, y text DEFAULT 'y', a ${definition})`,
        ...values.map((v) => `INSERT INTO t (a) VALUES (${v})`),
        ...more,
      ],
      migration: [RENAME],
      tables: ["t"],
    });

  it.each<[string, string, string[], string[], string[]]>([
    ["json, which has no equality", "json", [`'{"a": 1}'`, `'{"a":1}'`, "NULL"], [], []],
    ["numeric, whose equality forgives scale", "numeric DEFAULT 1.50", ["1.5", "1.50", "NULL"], [], []],
    ["an enum", "mood NOT NULL DEFAULT 'ok'", ["'ok'", "'sad'"], [], ["CREATE TYPE mood AS ENUM ('ok', 'sad')"]],
    ["an array", "text[] DEFAULT '{}'", ["'{a,NULL,\"b c\"}'", "NULL"], ["CREATE INDEX ON t USING gin (a)"], []],
    ["a domain", "short DEFAULT 'abc'", ["'x'", "NULL"], [], ["CREATE DOMAIN short AS text CHECK (length(VALUE) < 5)"]],
    [
      "a collation that forgives case",
      "text COLLATE nocase UNIQUE",
      ["'A'", "'b'", "NULL"],
      [],
      ["CREATE COLLATION nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false)"],
    ],
    [
      "a volatile default",
      "uuid NOT NULL DEFAULT gen_random_uuid()",
      ["'c0ffee00-0000-4000-8000-000000000001'"],
      [],
      [],
    ],
    ["a default that is the time", "timestamptz NOT NULL DEFAULT now()", ["'2026-01-01 00:00:00.123456+00'"], [], []],
    ["char(n), xml and ranges", "char(5)", ["'a'", "'a    '", "NULL"], [], []],
    [
      "a composite type",
      "pair",
      ["ROW(1, 'x')", "ROW(NULL, NULL)", "NULL"],
      [],
      ["CREATE TYPE pair AS (n int, s text)"],
    ],
    ["a NOT NULL constraint with a name", 'int CONSTRAINT "must be" NOT NULL', ["1"], [], []],
    [
      "a deferrable unique constraint",
      "int CONSTRAINT once UNIQUE DEFERRABLE INITIALLY DEFERRED",
      ["1", "2", "NULL"],
      [],
      [],
    ],
    [
      "a unique constraint of two columns with INCLUDE",
      "int",
      ["1", "2"],
      ["ALTER TABLE t ADD CONSTRAINT pair UNIQUE (a, x) INCLUDE (y)"],
      [],
    ],
    [
      "a unique constraint that only carries it",
      "int",
      ["1", "2"],
      ["ALTER TABLE t ADD CONSTRAINT carrying UNIQUE (id, x) INCLUDE (a)"],
      [],
    ],
    ["the default of a domain", "labelled", ["'x'", "NULL"], [], ["CREATE DOMAIN labelled AS text DEFAULT 'none'"]],
    [
      "a NOT NULL constraint that is NOT VALID",
      "int",
      ["1"],
      ["ALTER TABLE t ADD CONSTRAINT late NOT NULL a NOT VALID"],
      [],
    ],
    [
      "comments on its indexes and constraints, and targets for statistics of expressions",
      "text NOT NULL CONSTRAINT once UNIQUE CONSTRAINT filled CHECK (a <> '')",
      ["'x'"],
      [
        "CREATE INDEX expr ON t (id, lower(a), (a || 'x')) WHERE a <> ' WHERE '",
        "ALTER INDEX expr ALTER COLUMN 2 SET STATISTICS 700, ALTER COLUMN 3 SET STATISTICS 0",
        "COMMENT ON INDEX expr IS 'it''s an index'",
        "COMMENT ON INDEX once IS 'c:\\the index of a constraint'",
        "COMMENT ON CONSTRAINT once ON t IS 'a constraint'",
        "COMMENT ON CONSTRAINT filled ON t IS 'a check'",
        "ALTER TABLE t REPLICA IDENTITY USING INDEX once",
        "ALTER TABLE t CLUSTER ON once",
      ],
      [],
    ],
    ["NULLS NOT DISTINCT", "int UNIQUE NULLS NOT DISTINCT", ["1", "NULL"], [], []],
    [
      "statistics, storage and compression",
      "text",
      ["'x'"],
      [
        "ALTER TABLE t ALTER a SET STATISTICS 500",
        "ALTER TABLE t ALTER a SET STORAGE EXTERNAL",
        "ALTER TABLE t ALTER a SET (n_distinct = -0.5)",
        "ALTER TABLE t ALTER a SET COMPRESSION pglz",
      ],
      [],
    ],
    [
      "a check of several columns, one of them NOT VALID",
      "int",
      ["1", "NULL"],
      [
        "ALTER TABLE t ADD CONSTRAINT both_sides CHECK (a > x OR y = 'a')",
        "ALTER TABLE t ADD CONSTRAINT late CHECK (a > 0) NOT VALID",
      ],
      [],
    ],
  ])("carries %s", (_, definition, values, more, before) => carried(definition, values, more, before));

  it("carries what two columns share that one file renames", () =>
    sameAsPlain(server, {
      setup: [
        "CREATE TABLE p (x int, y int, PRIMARY KEY (x, y))",
        "INSERT INTO p VALUES (1, 2)",
        "CREATE TABLE t (id int PRIMARY KEY, a int, e int, CHECK (a < e), FOREIGN KEY (a, e) REFERENCES p (x, y))",
        "CREATE INDEX both_of ON t (a, e)",
        "CREATE UNIQUE INDEX part ON t (a) WHERE e > 0",
        "INSERT INTO t VALUES (1, 1, 2), (2, NULL, NULL)",
      ],
      migration: [RENAME, "ALTER TABLE t RENAME COLUMN e TO f"],
      tables: ["t"],
    }));

  it("leaves what a column that is dropped takes along to a rename of the other one", () =>
    sameAsPlain(server, {
      setup: ["CREATE TABLE t (id int PRIMARY KEY, a int, e int, CHECK (a < e))", "CREATE INDEX both_of ON t (a, e)"],
      migration: ["ALTER TABLE t DROP COLUMN e", RENAME],
      tables: ["t"],
    }));

  it("carries indexes of every form, ordered, partial, with expressions, INCLUDE and operator classes", () =>
    carried(
      "text",
      ["'one'", "'two'", "NULL"],
      [
        'CREATE INDEX ordered ON t (a COLLATE "C" text_pattern_ops DESC NULLS LAST, id)',
        "CREATE INDEX part ON t (id) WHERE a IS NOT NULL AND a <> 'a'",
        "CREATE UNIQUE INDEX expr ON t (lower(a), (a || x::text)) INCLUDE (y)",
        "CREATE INDEX carrying ON t (x) INCLUDE (a) WITH (fillfactor = 70)",
        "CREATE INDEX hashed ON t USING hash (a)",
      ],
    ));

  it("carries an index's tablespace", async () => {
    const name = `zm_space_${Date.now()}`;
    await query(server.url, "ALTER SYSTEM SET allow_in_place_tablespaces = on");
    await query(server.url, "SELECT pg_reload_conf()");
    await until("the setting holds", 5_000, async () =>
      (await query(server.url, "SHOW allow_in_place_tablespaces"))[0]?.allow_in_place_tablespaces === "on"
        ? true
        : null,
    );
    await query(server.url, `CREATE TABLESPACE ${name} LOCATION ''`);
    own.after(() => query(server.url, `DROP TABLESPACE ${name}`));
    await carried(
      "text",
      ["'x'"],
      [
        `ALTER TABLE t ADD CONSTRAINT once UNIQUE (a) USING INDEX TABLESPACE ${name}`,
        `CREATE INDEX part ON t (a) WITH (fillfactor = 70) TABLESPACE ${name} WHERE a <> ' WHERE '`,
      ],
    );
  });

  it("carries foreign keys with their actions", () =>
    carried(
      "int REFERENCES p ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE",
      ["1", "NULL"],
      [
        "ALTER TABLE t ADD CONSTRAINT two FOREIGN KEY (a, x) REFERENCES q (m, n) MATCH FULL NOT VALID",
        "CREATE INDEX ON t (a)",
      ],
      [
        "CREATE TABLE p (id int PRIMARY KEY)",
        "INSERT INTO p VALUES (1)",
        "CREATE TABLE q (m int, n int, PRIMARY KEY (m, n))",
        "INSERT INTO q VALUES (1, 0)",
      ],
    ));

  it("carries privileges on the column", async () => {
    const role = `zm_reader_${Date.now()}`;
    await query(server.url, `CREATE ROLE ${role}`);
    own.after(() => query(server.url, `DROP ROLE ${role}`));
    await carried(
      "text",
      ["'x'"],
      [`GRANT SELECT (a), UPDATE (a) ON t TO ${role}`, `GRANT INSERT (a) ON t TO ${role} WITH GRANT OPTION`],
    );
  });

  it.each([
    ["identity", "CREATE TABLE t (id int PRIMARY KEY, a int GENERATED BY DEFAULT AS IDENTITY)", "sequence"],
    ["serial", "CREATE TABLE t (id int PRIMARY KEY, a serial)", "sequence"],
    ["generated", "CREATE TABLE t (id int PRIMARY KEY, a int GENERATED ALWAYS AS (id * 2) STORED)", "generated column"],
    [
      "a source of a generated column",
      "CREATE TABLE t (id int PRIMARY KEY, a int, g int GENERATED ALWAYS AS (a * 2) STORED)",
      "g",
    ],
    ["a primary key", "CREATE TABLE t (a int PRIMARY KEY)", "primary key"],
    [
      "pointed at by a foreign key",
      "CREATE TABLE t (id int PRIMARY KEY, a int UNIQUE); CREATE TABLE c (r int REFERENCES t (a))",
      "foreign key",
    ],
    [
      "in an exclusion constraint",
      "CREATE TABLE t (id int PRIMARY KEY, a int4range, EXCLUDE USING gist (a WITH &&))",
      "exclusion",
    ],
    [
      "in a key without overlaps",
      "CREATE TABLE t (id int4range, a int4range, UNIQUE (id, a WITHOUT OVERLAPS))",
      "exclusion",
    ],
    ["in a partitioned table", "CREATE TABLE t (id int PRIMARY KEY, a int) PARTITION BY RANGE (id)", "partitioned"],
  ])("refuses a column that is %s, with the place and nothing changed", async (_, setup, why) => {
    const { url, project: p } = await bareScene(server, own, [setup], { change: `-- A comment.\n${RENAME};\n` });
    const refused = await p.run("apply", "--release", "r1");
    expect(refused, refused.stderr).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain("migrations/20260101000000_change.sql:2:");
    expect(refused.stderr).toContain(why);
    expect(await query(url, "SELECT 1 FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'b'")).toEqual([]);
  });

  it("refuses a table that cannot be walked, and names it before anything is changed", async () => {
    const { url, project: p } = await bareScene(
      server,
      own,
      ["CREATE TABLE t (a int, n int); CREATE UNIQUE INDEX ON t (n) WHERE n > 0"],
      { change: `-- zmigrate:batch key=n\n${RENAME};\n` },
    );
    const refused = await p.run("apply", "--release", "r1");
    expect(refused, refused.stderr).toMatchObject({ code: 1 });
    expect(refused.stderr).toMatch(/20260101000000_change\.sql:2:\d+: public\.t has no primary key/);
    expect(await query(url, "SELECT 1 FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'b'")).toEqual([]);
    await query(url, "ALTER TABLE t ADD PRIMARY KEY (n)");
    await works(p.run("apply", "--release", "r1"));
  });

  it.each([
    ["view", "CREATE VIEW v AS SELECT a FROM t", "DROP VIEW v"],
    ["materialized view", "CREATE MATERIALIZED VIEW v AS SELECT a FROM t", "DROP MATERIALIZED VIEW v"],
    ["function", "CREATE FUNCTION v() RETURNS text LANGUAGE sql AS $$ SELECT max(a) FROM t $$", "DROP FUNCTION v()"],
    ["policy", "CREATE POLICY v ON t USING (a = current_user)", "DROP POLICY v ON t"],
    ["publication", "CREATE PUBLICATION v FOR TABLE t (id, a)", "DROP PUBLICATION v"],
    [
      "trigger",
      "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER v BEFORE UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION f()",
      "DROP TRIGGER v ON t",
    ],
  ])("keeps contract waiting for a %s that names the column, and says which", async (kind, create, remove) => {
    const { url, project: p } = await bareScene(
      server,
      own,
      [`CREATE TABLE t (id int PRIMARY KEY, a text); ${create}`],
      { change: `${RENAME};\n` },
    );
    await works(p.run("apply", "--release", "r1"));
    const waits = await p.run("apply", "--require-contract", "--release", "r2");
    expect(waits, waits.stderr).toMatchObject({ code: 4 });
    expect(waits.stdout).toMatch(new RegExp(`dependents +${kind} v.* names a`));
    await query(url, remove);
    const goes = await works(p.run("apply", "--contract", "--release", "r2"));
    expect(goes.stdout).toMatch(/contract +1-swap/);
  });
});
