import { expect, test } from "vitest";
import { later } from "../src/later.js";

test("a module is loaded once, when it is asked for", async () => {
  let times = 0;
  const planner = later(async () => ({ times: ++times }), "the planner");
  expect(() => planner.loaded()).toThrow("the planner was used before load()");
  await planner.load();
  await planner.load();
  expect(planner.loaded()).toEqual({ times: 1 });
});
