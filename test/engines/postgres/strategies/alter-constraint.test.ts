import { expect, it } from "vitest";
import { planOn } from "../support/plan.js";

const T = `CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int CONSTRAINT f REFERENCES p, b int CONSTRAINT d REFERENCES p DEFERRABLE INITIALLY DEFERRED,
  e int CONSTRAINT soft REFERENCES p NOT ENFORCED);`;

const altered = async (change: string) => {
  const { plan } = await planOn(T, `ALTER TABLE t ALTER CONSTRAINT ${change};`);
  return plan?.steps.map((s) => [s.stage ?? s.phase, s.sql, s.undo]);
};
const set = (name: string, what: string) => `ALTER TABLE "t" ALTER CONSTRAINT "${name}" ${what}`;

it("lets code ask for later checks at once, and changes when they happen in the contract", async () => {
  expect(await altered("f DEFERRABLE")).toEqual([["expand", [set("f", "DEFERRABLE")], [set("f", "NOT DEFERRABLE")]]]);
  expect(await altered("f DEFERRABLE INITIALLY DEFERRED")).toEqual([
    ["swap", [set("f", "DEFERRABLE INITIALLY DEFERRED")], [set("f", "NOT DEFERRABLE")]],
  ]);
  expect(await altered("d NOT DEFERRABLE")).toEqual([
    ["swap", [set("d", "NOT DEFERRABLE")], [set("d", "DEFERRABLE INITIALLY DEFERRED")]],
  ]);
});

it("enforces without reading rows under a lock: made again, NOT VALID, then validated", async () => {
  const steps = await altered("soft ENFORCED");
  expect(steps?.map(([place]) => place)).toEqual(["swap", "swap"]);
  expect(steps?.[0]?.[1]).toEqual([
    'ALTER TABLE "t" DROP CONSTRAINT "soft"',
    expect.stringMatching(/ADD CONSTRAINT "soft" FOREIGN KEY \(e\) REFERENCES p NOT VALID$/),
  ]);
  expect(steps?.[0]?.[2]).toEqual([
    'ALTER TABLE "t" DROP CONSTRAINT "soft"',
    expect.stringMatching(/REFERENCES p NOT ENFORCED$/),
  ]);
  expect(steps?.[1]?.[1]).toEqual(['ALTER TABLE "t" VALIDATE CONSTRAINT "soft"']);
});

it("stops to enforce in expand, and comes back validated", async () => {
  const [step] = (await altered("f NOT ENFORCED")) ?? [];
  expect(step?.[0]).toBe("expand");
  expect(step?.[2]).toEqual([
    'ALTER TABLE "t" DROP CONSTRAINT "f"',
    expect.stringMatching(/^ALTER TABLE "t" ADD CONSTRAINT "f" FOREIGN KEY .* NOT VALID$/),
    'ALTER TABLE "t" VALIDATE CONSTRAINT "f"',
  ]);
});
