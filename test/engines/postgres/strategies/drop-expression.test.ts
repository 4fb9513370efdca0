import { expect, it } from "vitest";
import { planOn, refusalOn, stepsOn } from "../support/plan.js";

const T = `CREATE TABLE t (id int PRIMARY KEY, s int GENERATED ALWAYS AS (id) STORED, v int GENERATED ALWAYS AS (id) VIRTUAL, a int);`;

it("goes last, since nothing computes the column again without writing the table anew", async () => {
  const { plan } = await planOn(T, "ALTER TABLE t ALTER s DROP EXPRESSION;");
  expect(plan?.steps).toMatchObject([
    { stage: "drop", final: true, sql: ['ALTER TABLE "t" ALTER COLUMN "s" DROP EXPRESSION'], undo: [] },
  ]);
});

it("is refused where there are no values to keep, and nothing with IF EXISTS", async () => {
  expect(await refusalOn(T, "ALTER TABLE t ALTER v DROP EXPRESSION;")).toMatch(/virtual/);
  expect(await refusalOn(T, "ALTER TABLE t ALTER a DROP EXPRESSION;")).toMatch(/not generated/);
  expect(await stepsOn(T, "ALTER TABLE t ALTER a DROP EXPRESSION IF EXISTS;")).toEqual([]);
});
