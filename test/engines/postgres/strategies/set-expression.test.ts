import { expect, it } from "vitest";
import { planOn, refusalOn } from "../support/plan.js";

const T = `CREATE TABLE t (id int PRIMARY KEY, s int GENERATED ALWAYS AS (id) STORED, v int GENERATED ALWAYS AS (id) VIRTUAL, a int);`;

it("changes a virtual column in a moment, when old code is gone", async () => {
  const { plan } = await planOn(T, "ALTER TABLE t ALTER v SET EXPRESSION AS (id * 2);");
  expect(plan?.steps.map((s) => [s.stage, s.sql, s.undo])).toEqual([
    [
      "swap",
      ['ALTER TABLE "t" ALTER COLUMN "v" SET EXPRESSION AS (id * 2)'],
      ['ALTER TABLE "t" ALTER COLUMN "v" SET EXPRESSION AS (id)'],
    ],
  ]);
});

it("says of a stored one that it writes the table anew, how large that is, and what to write", async () => {
  expect(await refusalOn(T, "\nALTER TABLE t ALTER s SET EXPRESSION AS (id * 2);")).toMatch(
    /^2:.*written anew.*\(its size is not known\).*Add another generated column/s,
  );
});

it("is refused where the server refuses it", async () => {
  expect(await refusalOn(T, "ALTER TABLE t ALTER a SET EXPRESSION AS (id * 2);")).toMatch(/not generated/);
  expect(await refusalOn(T, "ALTER TABLE t ALTER v SET EXPRESSION AS (id * 2);", 16)).toMatch(
    /do not know SET EXPRESSION/,
  );
});
