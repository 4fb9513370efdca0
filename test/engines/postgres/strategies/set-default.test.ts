import { expect, it } from "vitest";
import { planOn, refusalOn, stepsOn } from "../support/plan.js";

const T = `CREATE TABLE t (id int PRIMARY KEY, a int, b int DEFAULT 4, i int GENERATED ALWAYS AS IDENTITY,
  g int GENERATED ALWAYS AS (id) STORED);`;

it("is set in expand, and the old one comes back with a rollback", async () => {
  const { plan } = await planOn(T, "ALTER TABLE t ALTER a SET DEFAULT 1, ALTER b SET DEFAULT 5;");
  expect(plan?.steps.map((s) => [s.phase, s.sql, s.undo])).toEqual([
    ["expand", ['ALTER TABLE "t" ALTER COLUMN "a" SET DEFAULT 1'], ['ALTER TABLE "t" ALTER COLUMN "a" DROP DEFAULT']],
    ["expand", ['ALTER TABLE "t" ALTER COLUMN "b" SET DEFAULT 5'], ['ALTER TABLE "t" ALTER COLUMN "b" SET DEFAULT 4']],
  ]);
});

it("says what old code gets from now on", async () => {
  const { plan } = await planOn(T, "ALTER TABLE t ALTER b SET DEFAULT 5;");
  expect(plan?.notes).toEqual(["Old code that leaves b out gets 5 instead of 4 from expand on."]);
});

it.each([
  ["i", /is an identity column.*DROP IDENTITY/],
  ["g", /is generated.*SET EXPRESSION/],
])("of %s is refused at its line", async (column, reason) => {
  expect(await refusalOn(T, `\nALTER TABLE t ALTER ${column} SET DEFAULT 5;`)).toMatch(reason);
});

it("is set at once on a table that is new in the release", async () => {
  const file = "CREATE TABLE n (a int);\nALTER TABLE n ALTER a SET DEFAULT 1;\nALTER TABLE n ALTER a DROP DEFAULT;";
  expect((await stepsOn("", file)).slice(1)).toEqual([
    'expand ALTER TABLE "n" ALTER COLUMN "a" SET DEFAULT 1',
    'expand ALTER TABLE "n" ALTER COLUMN "a" DROP DEFAULT',
  ]);
});

it.each([
  "ALTER TABLE t ALTER b SET DEFAULT 5, ALTER b TYPE numeric;",
  "ALTER TABLE t ALTER b TYPE numeric, ALTER b SET DEFAULT 5;",
])("in one ALTER the server changes the type first, whichever stands in front: %s", async (file) => {
  const { plan } = await planOn(T, file);
  const sql = plan?.steps.flatMap((s) => s.sql).join(";\n") ?? "";
  expect(sql).toMatch(/"zmigrate_new_\w+" numeric/);
  expect(sql).toMatch(/SET DEFAULT 5/);
});

it("in one ALTER the default of a type that changes in place is set behind that", async () => {
  const table = "CREATE TABLE t (id int PRIMARY KEY, v varchar(5) DEFAULT 'a');";
  const file = "ALTER TABLE t ALTER v SET DEFAULT 'abcdefg', ALTER v TYPE varchar(20);";
  expect(await stepsOn(table, file)).toEqual([
    'expand ALTER TABLE "t" ALTER COLUMN "v" TYPE varchar(20)',
    `expand ALTER TABLE "t" ALTER COLUMN "v" SET DEFAULT 'abcdefg'`,
  ]);
});

it("in front of another statement that changes the type it is refused", async () => {
  const file = "ALTER TABLE t ALTER b SET DEFAULT 5;\nALTER TABLE t ALTER b TYPE numeric;";
  expect(await refusalOn(T, file)).toMatch(/^1:.*another type behind it/);
});
