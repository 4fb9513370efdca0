import { expect, it } from "vitest";
import { planOn, refusalOn } from "../support/plan.js";

const T = "CREATE TABLE t (id int PRIMARY KEY, a int CONSTRAINT c CHECK (a > 0), b int CONSTRAINT u UNIQUE);";

it.each([
  ["c", "expand"],
  ["u", "swap"],
  ["t_pkey", "swap"],
])("renames %s in %s: ON CONFLICT ON CONSTRAINT of old code names keys only", async (name, place) => {
  const { plan } = await planOn(T, `ALTER TABLE t RENAME CONSTRAINT ${name} TO "New";`);
  expect(plan?.steps.map((s) => [s.stage ?? s.phase, s.sql, s.undo])).toEqual([
    [
      place,
      [`ALTER TABLE "t" RENAME CONSTRAINT "${name}" TO "New"`],
      [`ALTER TABLE "t" RENAME CONSTRAINT "New" TO "${name}"`],
    ],
  ]);
});

it("is refused where there is none", async () => {
  expect(await refusalOn(T, "ALTER TABLE t RENAME CONSTRAINT nothing TO n;")).toMatch(/no constraint nothing/);
});
