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
