import { expect, it } from "vitest";
import { planOn, refusalOn, stepsOn } from "../support/plan.js";

const T = `CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, a int CONSTRAINT c CHECK (a > 0), b int);
ALTER TABLE t ADD CONSTRAINT late CHECK (a < 9) NOT VALID, ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES p NOT VALID,
  ADD CONSTRAINT soft CHECK (a < 8) NOT ENFORCED;`;

it("reads the rows in the backfill, for as long as that takes, and is taken back in a moment", async () => {
  const { plan } = await planOn(T, "ALTER TABLE t VALIDATE CONSTRAINT late;");
  expect(plan?.steps).toMatchObject([
    {
      phase: "backfill",
      kind: "validate",
      unlimited: true,
      scan: true,
      locks: [{ mode: "SHARE UPDATE EXCLUSIVE", held: "scan" }],
      undo: ['ALTER TABLE "t" DROP CONSTRAINT "late"', 'ALTER TABLE "t" ADD CONSTRAINT "late" CHECK (a < 9) NOT VALID'],
    },
  ]);
});

it("marks the other table of a foreign key as read", async () => {
  const { plan } = await planOn(T, "ALTER TABLE t VALIDATE CONSTRAINT f;");
  expect(plan?.steps[0]?.locks.map((l) => [l.relation.name, l.mode])).toEqual([
    ["t", "SHARE UPDATE EXCLUSIVE"],
    ["p", "ROW SHARE"],
  ]);
});

it.each(["CONSTRAINT z ", ""])("comes behind the constraint that the same file adds (%s)", async (name) => {
  const given = name === "" ? "t_b_check" : "z";
  const file = `ALTER TABLE t ADD ${name}CHECK (b < 9) NOT VALID;\nALTER TABLE t VALIDATE CONSTRAINT ${given};`;
  expect(await stepsOn(T, file)).toEqual([
    `swap ALTER TABLE "t" ADD CONSTRAINT "${given}" CHECK (b < 9) NOT VALID`,
    `swap ALTER TABLE "t" VALIDATE CONSTRAINT "${given}"`,
  ]);
});

it("is nothing where it is validated, and refused where the server would refuse", async () => {
  expect(await stepsOn(T, "ALTER TABLE t VALIDATE CONSTRAINT c;")).toEqual([]);
  expect(await refusalOn(T, "ALTER TABLE t VALIDATE CONSTRAINT soft;")).toMatch(/NOT ENFORCED/);
  expect(await refusalOn(T, "ALTER TABLE t VALIDATE CONSTRAINT nothing;")).toMatch(/no constraint nothing/);
});
