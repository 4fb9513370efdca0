import { beforeAll, expect, it } from "vitest";
import { loadParser } from "../../src/engines/postgres/parse/index.js";
import { emptyCatalog } from "../../src/history/replay.js";
import { names, replayed, table } from "./replayed.js";

beforeAll(loadParser);

const T = "CREATE TABLE t (a int); CREATE TABLE u (a int);";
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
  ["EXECUTE x;", []],
  ["IF x THEN EXECUTE y; END IF;", []],
  ["ALTER TABLE t ADD b int; ROLLBACK;", []],
  ["COMMIT;", ["t", "u"]],
  ["CALL p();", []],
  ["PERFORM my_migration();", []],
])("%s", (body, known) => {
  expect(names(replayed(T + block(body)))).toEqual(known);
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
  expect(names(replayed(`${T}${sql}; EXECUTE p`))).toEqual([]);
});
