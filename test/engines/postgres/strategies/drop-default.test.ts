import { expect, it } from "vitest";
import { planOn, stepsOn } from "../support/plan.js";

const T = "CREATE TABLE t (id int PRIMARY KEY, a int, b int NOT NULL DEFAULT 4);";

it("goes with the contract, since old code may leave the column out", async () => {
  const { plan } = await planOn(T, "ALTER TABLE t ALTER b DROP DEFAULT;");
  expect(plan?.steps).toMatchObject([
    {
      stage: "swap",
      undo: ['ALTER TABLE "t" ALTER COLUMN "b" SET DEFAULT 4'],
      reason: expect.stringContaining("fails"),
    },
  ]);
});

it("goes at once from a column that the same file adds, where NULL may stand", async () => {
  const added = (type: string) =>
    stepsOn(T, `ALTER TABLE t ADD COLUMN n ${type} DEFAULT 1;\nALTER TABLE t ALTER n DROP DEFAULT;`);
  expect((await added("int")).at(-1)).toMatch(/^expand .*DROP DEFAULT$/);
  expect((await added("int NOT NULL")).at(-1)).toMatch(/^swap .*DROP DEFAULT$/);
});

it("is nothing where there is none, or where another one comes in the same file", async () => {
  expect(await stepsOn(T, "ALTER TABLE t ALTER a DROP DEFAULT;")).toEqual([]);
  expect(await stepsOn(T, "ALTER TABLE t ALTER b DROP DEFAULT, ALTER b SET DEFAULT 5;")).toEqual([
    'expand ALTER TABLE "t" ALTER COLUMN "b" SET DEFAULT 5',
  ]);
});
