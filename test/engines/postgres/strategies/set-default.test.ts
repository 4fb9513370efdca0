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
