import { expect, it } from "vitest";
import { deploysOf } from "../../../src/report/plan/deploys.js";
import { planned, STEPS } from "./support.js";

const shape = (steps = STEPS) =>
  deploysOf(planned({}, steps)).map((d) => [d.number, ...d.stretches.map((s) => [s.name, s.gates.map((g) => g.name)])]);

it("has expand and backfill in the first deploy, the swap in the second, the drop in the third", () => {
  expect(shape()).toEqual([
    [1, ["expand", []], ["backfill", []]],
    [2, ["swap", ["verified", "soak"]]],
    [3, ["drop", ["verified", "park"]]],
  ]);
});

it("leaves out deploys without a step; a drop without a swap waits for all gates", () => {
  expect(shape(STEPS.slice(0, 1))).toEqual([[1, ["expand", []]]]);
  expect(shape(STEPS.slice(3))).toEqual([[3, ["drop", ["verified", "soak", "park"]]]]);
});

it("says that new code waits for the swap where a column gets another type, and for the backfill alone where it does not", () => {
  const users = { schema: "public", name: "users" };
  const side = (swapped: string) => [{ relation: users, column: "a2", swapped, kept: "a", parked: "old_a" }];
  const retired = { relation: users, column: "a", parked: "old_a", replacement: null, exchanges: false } as const;
  const said = (plan: object) => {
    const { plan: own, ...rest } = planned();
    const all = deploysOf({ ...rest, plan: own === null ? null : { ...own, ...plan } });
    return all.flatMap((d) => d.stretches).find((s) => s.name === "backfill")?.survives;
  };
  expect(said({ sides: side("a2") })).toContain("old and new code both work");
  for (const plan of [{ sides: side("a") }, { retires: [{ ...retired, retypes: true }] }])
    expect(said(plan)).toContain("new code with values alone that the former type takes, until the swap");
});
