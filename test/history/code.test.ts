import { beforeAll, describe, expect, it } from "vitest";
import { loadParser } from "../../src/engines/postgres/parse/index.js";
import { unreadRunsOn } from "../../src/engines/table-lookup.js";
import { emptyCatalog } from "../../src/history/replay.js";
import type { Catalog } from "../../src/model/catalog.js";
import { names, replayed, table } from "./replayed.js";

beforeAll(loadParser);

const T = "CREATE TABLE t (a int); CREATE TABLE u (a int);";
const runs = (catalog: Catalog) => unreadRunsOn(catalog, { schema: null, name: "t" });
const block = (body: string) => `DO $$ BEGIN ${body} END $$`;

it.each([
  ["ALTER TABLE t ADD b int;", ["t", "u"]],
  ["INSERT INTO t VALUES (1); PERFORM count(*) FROM t;", ["t", "u"]],
  ["IF x THEN ALTER TABLE t ADD b int; END IF;", ["u"]],
  ["FOR i IN 1..3 LOOP DROP TABLE t; END LOOP;", ["u"]],
  ["IF x THEN UPDATE t SET a = 1; END IF;", ["t", "u"]],
  ["DROP TABLE t; EXCEPTION WHEN OTHERS THEN NULL;", ["u"]],
  ["CREATE TYPE e AS ENUM (); EXCEPTION WHEN duplicate_object THEN NULL;", ["t", "u"]],
  ["IF x THEN CREATE VIEW v AS SELECT 1; END IF;", ["t", "u"]],
  ["COMMIT;", ["t", "u"]],
  ["IF x THEN CREATE INDEX i ON t (a); END IF;", ["t", "u"]],
  ["IF x THEN CREATE UNIQUE INDEX i ON t (a); END IF;", ["u"]],
  ["IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'app') THEN GRANT SELECT ON t TO app; END IF;", ["t", "u"]],
  ["IF x THEN COMMENT ON TABLE t IS 'x'; END IF;", ["t", "u"]],
])("%s", (body, known) => {
  expect(names(replayed(T + block(body)))).toEqual(known);
});

it.each([
  ["EXECUTE x;", ["a DO block whose SQL is not told"]],
  ["IF x THEN EXECUTE y; END IF;", ["a DO block whose SQL is not told"]],
  ["ALTER TABLE t ADD b int; ROLLBACK;", ["a DO block whose SQL is not told"]],
  ["CALL p();", ["p()"]],
  ["PERFORM my_migration();", ["my_migration()"]],
  ["INSERT INTO t VALUES (1);", []],
])("%s leaves tables as they are told, and says so", (body, expected) => {
  const catalog = replayed(T + block(body));
  expect(names(catalog)).toEqual(["t", "u"]);
  expect(runs(catalog)).toEqual(expected);
});

describe("what may have run", () => {
  const P =
    "CREATE TABLE p (id int PRIMARY KEY, n int CONSTRAINT n_check CHECK (n > 0)); CREATE TABLE c (a int, p int);";
  const KEY = "ALTER TABLE c ADD CONSTRAINT k FOREIGN KEY (p) REFERENCES p;";
  const DONE = "EXCEPTION WHEN duplicate_object THEN null;";
  const shown = (body: string) => {
    const { tables } = replayed(P + block(body));
    return tables.map(({ relation, columns, constraints, indexes, referencedBy }) =>
      [
        relation.name,
        ...columns.map((c) => c.name),
        ...constraints.map((c) => `${c.name}${c.validated ? "" : "?"}`),
        ...indexes.filter((i) => i.constraint === null).map((i) => i.name),
        ...referencedBy.map((r) => `<${r.constraint}`),
      ].join(" "),
    );
  };
  const WHOLE = ["p id n p_pkey n_check", "c a p"];
  const KEYED = ["p id n p_pkey n_check <k", "c a p k"];

  it.each([
    [`${KEY} ${DONE}`, KEYED],
    [`IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'k') THEN ${KEY} END IF;`, KEYED],
    [`IF x THEN ${KEY} END IF;`, KEYED],
    [`ALTER TABLE c ADD CONSTRAINT q CHECK (a > 0); ${DONE}`, [WHOLE[0], "c a p q"]],
    ["IF x THEN ALTER TABLE c ADD CONSTRAINT q CHECK (a > 0); END IF;", [WHOLE[0], "c a p q?"]],
    ["IF x THEN ALTER TABLE p DROP CONSTRAINT n_check; END IF;", ["p id n p_pkey n_check?", WHOLE[1]]],
    [`ALTER TABLE c ADD CONSTRAINT q UNIQUE (a); ${DONE}`, [WHOLE[0], "c a p q"]],
    ["ALTER TABLE c ADD CONSTRAINT q UNIQUE (a); EXCEPTION WHEN OTHERS THEN null;", [WHOLE[0]]],
    ["ALTER TABLE c ADD b int; EXCEPTION WHEN duplicate_column THEN RAISE NOTICE 'x';", [WHOLE[0], "c a p b"]],
    ["ALTER TABLE c ADD a text; EXCEPTION WHEN duplicate_column THEN null;", WHOLE],
    // The second one may be left out for the first one's sake.
    ["ALTER TABLE p ADD x int; ALTER TABLE c ADD b int; EXCEPTION WHEN duplicate_column THEN null;", []],
    [
      "IF NOT EXISTS (SELECT FROM information_schema.columns WHERE table_name = 'c' AND column_name = 'b') THEN ALTER TABLE c ADD b int; END IF;",
      [WHOLE[0], "c a p b"],
    ],
    ["IF NOT EXISTS (SELECT FROM pg_class WHERE relname = 'z') THEN ALTER TABLE c ADD b int; END IF;", [WHOLE[0]]],
    ["IF NOT EXISTS (SELECT FROM c WHERE a = 'b') THEN ALTER TABLE c ADD b int; END IF;", [WHOLE[0]]],
    ["IF NOT EXISTS (SELECT FROM pg_class) OR x = 'b' OR (x) THEN ALTER TABLE c ADD b int; END IF;", [WHOLE[0]]],
    [
      "IF EXISTS (SELECT FROM information_schema.columns WHERE column_name = 'a') THEN ALTER TABLE c DROP a; END IF;",
      [WHOLE[0], "c p"],
    ],
    [
      "IF EXISTS (SELECT FROM pg_attribute WHERE attname = 'a') THEN ALTER TABLE c RENAME a TO b; ELSE ALTER TABLE c ADD b int; END IF;",
      [WHOLE[0]],
    ],
    ["IF to_regclass('i') IS NULL THEN CREATE INDEX i ON c (a); END IF;", [WHOLE[0], "c a p i"]],
  ])("%s", (body, expected) => {
    expect(shown(body)).toEqual(expected);
  });
});

it("what runs for certain is replayed", () => {
  expect(
    table(replayed(T + block("ALTER TABLE t ADD b int; EXECUTE 'ALTER TABLE t ADD c int';")), "t").columns,
  ).toHaveLength(3);
});

it("what may have been made leaves the catalog incomplete", () => {
  const whole = emptyCatalog("shadow", "public");
  expect(replayed(block("IF x THEN CREATE TABLE n (a int); END IF;"), whole)).toMatchObject({
    complete: false,
    tables: [],
  });
});

it("a routine that is made, or a statement that is prepared, has not run", () => {
  const sql = `CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'DROP TABLE t'; PREPARE p AS DELETE FROM t;
    CREATE PROCEDURE q() LANGUAGE plpgsql AS $$ BEGIN EXECUTE x; END $$`;
  expect(names(replayed(T + sql))).toEqual(["t", "u"]);
  expect(runs(replayed(`${T}${sql}; EXECUTE p`))).toEqual(["p"]);
});
