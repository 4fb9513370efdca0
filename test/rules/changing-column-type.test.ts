import { expect, test } from "vitest";
import { allRules, judged } from "./judged.js";

const USERS = "CREATE TABLE users (id bigint PRIMARY KEY, v varchar(50));";

test.each(["CREATE TABLE u2 AS SELECT * FROM users;", "SELECT id, v INTO u2 FROM users;"])(
  "a column of a table that is made of a query has the type that it has there: %s",
  async (made) => {
    expect(await allRules([USERS, made, "ALTER TABLE u2 ALTER COLUMN v TYPE varchar(100);"])).toBe("");
    const rewritten = await judged([USERS, made, "ALTER TABLE u2 ALTER COLUMN id TYPE numeric;"]);
    expect(rewritten.map(({ rule }) => rule)).toEqual(["changing-column-type"]);
    expect(rewritten[0]?.message).not.toContain("Assumed");
  },
);

test("what a column is that no file tells is assumed", async () => {
  const last = async (files: readonly string[], engine?: "mysql" | "mariadb") =>
    (await judged(files, engine)).find(({ rule }) => rule === "changing-column-type")?.message;
  const said = /\. Assumed: the type of ["`]v["`] is another one, as no file tells it\.$/;
  expect(await last(["ALTER TABLE users ALTER COLUMN v TYPE varchar(100);"])).toMatch(said);
  expect(
    await last([USERS, "CREATE TABLE u2 AS SELECT lower(v) AS v FROM users;", "ALTER TABLE u2 ALTER v TYPE text;"]),
  ).toMatch(said);
  expect(await last(["ALTER TABLE users MODIFY v bigint;"], "mysql")).toMatch(said);
  expect(await last(["ALTER TABLE users MODIFY v bigint;"], "mariadb")).toMatch(said);
});

test("that a timestamp's zone is not UTC is assumed, and the way without a rewrite told", async () => {
  const table = "CREATE TABLE t (id int PRIMARY KEY, at timestamp);";
  const change = "ALTER TABLE t ALTER COLUMN at TYPE timestamptz;";
  const [said] = await judged([table, change]);
  expect(said?.message).toMatch(/written again .* Assumed: the session's TimeZone is another one than UTC\.$/);
  expect(said?.help).toContain("SET LOCAL timezone = 'UTC';");
  const told = await judged([table, `BEGIN; SET LOCAL timezone = 'UTC'; ${change} COMMIT;`]);
  expect(told.filter(({ message }) => message.includes("written again"))).toEqual([]);
});

test.each(["mysql", "mariadb"] as const)("outside strict mode %s refuses no value, and cuts it", async (engine) => {
  const t = "CREATE TABLE t (id bigint PRIMARY KEY, p varchar(30), n bigint);";
  const told = async (change: string, before = "SET SESSION sql_mode = ''; ") =>
    (await judged([t, `${before}ALTER TABLE t MODIFY ${change};`], engine)).find(
      ({ rule }) => rule === "changing-column-type",
    )?.message;
  for (const change of ["p varchar(5)", "n int"]) {
    expect(await told(change)).toMatch(/values that do not fit are cut off, .* and are lost\.$/);
    expect(await told(change)).not.toContain("it fails");
    expect(await told(change, "")).toMatch(/it fails where a value does not fit/);
    expect(await told(change, "")).not.toContain("lost");
  }
  expect(await told("p json")).toContain("it fails");
  // Seen on MySQL 9.7 and MariaDB 10.11: NULLs become 0, '' and the like, but of shapes, which have no zero.
  for (const change of ["p varchar(30) NOT NULL", "n bigint NOT NULL"]) {
    expect(await told(change)).toMatch(/replaced \(NULL by 0 or ''\) without an error, and are lost\.$/);
    expect(await told(change)).not.toContain("it fails");
    expect(await told(change, "")).toContain("it fails where a row has NULL");
  }
});
