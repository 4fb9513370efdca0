import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { phases } from "../../src/demo/phases.js";

it("names its parts in order, beginning with the start, and returns what they return", async () => {
  const timing = phases();
  expect(await timing.of("load", async () => 7)).toBe(7);
  await timing.of("swap", () => sleep(120));
  const { phases: parts, seconds } = timing.end();
  expect(parts.map((p) => p.name)).toEqual(["start", "load", "swap"]);
  expect(parts[2]?.seconds).toBeGreaterThanOrEqual(0.1);
  expect(seconds).toBeGreaterThanOrEqual(parts[2]?.seconds ?? Number.NaN);
});
