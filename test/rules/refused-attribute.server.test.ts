import { describe, expect, test } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { judged } from "./judged.js";

const BASE = "CREATE TYPE c AS (a int, b text); CREATE TYPE e AS ENUM ('x');";

/** What stands in front of it, what PostgreSQL refuses, and its code. */
const REFUSED: readonly (readonly [before: string, sql: string, code: string])[] = [
  ["CREATE TABLE t (x c);", "ALTER TYPE c ALTER ATTRIBUTE a TYPE bigint;", "0A000"],
  ["CREATE TABLE t (x c);", "ALTER TYPE c ALTER ATTRIBUTE a TYPE bigint CASCADE;", "0A000"],
  ["CREATE TABLE t (x c[]);", "ALTER TYPE c ALTER ATTRIBUTE a TYPE bigint;", "0A000"],
  ["CREATE DOMAIN d AS c; CREATE TABLE t (x d);", "ALTER TYPE c ALTER ATTRIBUTE a TYPE bigint;", "0A000"],
  ["CREATE TYPE o AS (i c); CREATE TABLE t (x o);", "ALTER TYPE c ALTER ATTRIBUTE a TYPE bigint;", "0A000"],
  [
    "CREATE TYPE o AS (n int); ALTER TYPE o ADD ATTRIBUTE i c[]; CREATE TABLE t (x o);",
    "ALTER TYPE c ALTER ATTRIBUTE a TYPE bigint;",
    "0A000",
  ],
  [
    "CREATE TYPE o AS (i int); ALTER TYPE o ALTER ATTRIBUTE i TYPE c; CREATE TABLE t (x o);",
    "ALTER TYPE c ALTER ATTRIBUTE a TYPE bigint;",
    "0A000",
  ],
  ["", "ALTER TYPE c ALTER ATTRIBUTE z TYPE bigint;", "42703"],
  ["", "ALTER TYPE c DROP ATTRIBUTE z;", "42703"],
  ["ALTER TYPE c DROP ATTRIBUTE a;", "ALTER TYPE c DROP ATTRIBUTE a;", "42703"],
  ["ALTER TYPE c RENAME ATTRIBUTE a TO z;", "ALTER TYPE c RENAME ATTRIBUTE a TO y;", "42703"],
  ["", "ALTER TYPE c ADD ATTRIBUTE a int;", "42701"],
  ["ALTER TYPE c ADD ATTRIBUTE z int;", "ALTER TYPE c ADD ATTRIBUTE z int;", "42701"],
  ["", "ALTER TYPE c RENAME ATTRIBUTE a TO b;", "42701"],
  ["", "CREATE TYPE n AS (a int, a text);", "42701"],
  ["", "ALTER TYPE e ADD ATTRIBUTE a int;", "42P01"],
  ["", "ALTER TYPE e RENAME ATTRIBUTE a TO b;", "42P01"],
  ["", "ALTER TYPE c ADD VALUE 'z';", "42809"],
];

const TAKEN: readonly (readonly [before: string, sql: string])[] = [
  ["CREATE TABLE t (x c);", "ALTER TYPE c ADD ATTRIBUTE d int;"],
  ["CREATE TABLE t (x c);", "ALTER TYPE c DROP ATTRIBUTE a;"],
  ["CREATE TABLE t (x c);", "ALTER TYPE c RENAME ATTRIBUTE a TO z;"],
  [
    "CREATE TYPE o AS (i c); ALTER TYPE o DROP ATTRIBUTE i; CREATE TABLE t (x o);",
    "ALTER TYPE c ALTER ATTRIBUTE a TYPE bigint;",
  ],
  ["CREATE TYPE o AS (i c);", "ALTER TYPE c ALTER ATTRIBUTE a TYPE bigint;"],
  ["CREATE VIEW v AS SELECT NULL::c AS x;", "ALTER TYPE c ALTER ATTRIBUTE a TYPE bigint;"],
  ["", "ALTER TYPE c DROP ATTRIBUTE IF EXISTS z;"],
  ["", "ALTER TYPE c DROP ATTRIBUTE a, ADD ATTRIBUTE a text;"],
  ["ALTER TYPE c RENAME TO other; CREATE TYPE c AS (z int);", "ALTER TYPE c RENAME ATTRIBUTE z TO a;"],
];

const SAYS = new Set(["contradicting-history", "failing-statement", "blocking-table-access"]);
const said = async (before: string, sql: string): Promise<string> => {
  const found = await judged([BASE + before, sql]);
  return found.flatMap(({ rule, message }) => (SAYS.has(rule) ? [message] : [])).join(" ");
};

describe("attributes of composite types", () => {
  test.each(REFUSED)("%s %s is refused (%s)", async (before, sql, code) => {
    expect(await said(before, sql)).toContain(`(${code})`);
  });
  test.each(TAKEN)("%s %s is not", async (before, sql) => {
    expect(await said(before, sql)).toBe("");
  });
});

describeServer("postgres", (server) => {
  test("says the same", async () => {
    const db = await server.createDatabase("attributes");
    for (const [before, sql, code] of REFUSED)
      await expect(query(db.url, `BEGIN; ${BASE} ${before} ${sql}`), sql).rejects.toMatchObject({ code });
    for (const [before, sql] of TAKEN) await query(db.url, `BEGIN; ${BASE} ${before} ${sql} ROLLBACK;`);
    await db.drop();
  });
});
