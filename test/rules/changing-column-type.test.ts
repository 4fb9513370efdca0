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
