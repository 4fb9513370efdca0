import { expect, it } from "vitest";
import { planOn, refusalOn, stepsOn } from "../support/plan.js";

const T = "CREATE SCHEMA s; CREATE TABLE s.t (id int CONSTRAINT key PRIMARY KEY, a int); CREATE INDEX by_a ON s.t (a);";

it("renames at once what no query names, and a key with the contract", async () => {
  const { plan } = await planOn(T, `ALTER INDEX s.by_a RENAME TO "By A"; ALTER INDEX s.key RENAME TO id;`);
  expect(plan?.steps.map((s) => [s.stage ?? s.phase, s.sql, s.undo])).toEqual([
    ["expand", ['ALTER INDEX "s"."by_a" RENAME TO "By A"'], ['ALTER INDEX "s"."By A" RENAME TO "by_a"']],
    ["swap", ['ALTER INDEX "s"."key" RENAME TO "id"'], ['ALTER INDEX "s"."id" RENAME TO "key"']],
  ]);
});

it("of an index that is not there is refused, or nothing with IF EXISTS", async () => {
  expect(await refusalOn(T, "ALTER INDEX by_a RENAME TO b;")).toMatch(/There is no index by_a/);
  expect(await stepsOn(T, "ALTER INDEX IF EXISTS by_a RENAME TO b;")).toEqual([]);
});
