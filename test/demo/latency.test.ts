import { expect, it } from "vitest";
import { latenciesOf } from "../../src/demo/latency.js";

it("is the duration that 99 of 100 statements do not pass", () => {
  const hundred = Array.from({ length: 100 }, (_, n) => 100 - n);
  expect(latenciesOf(hundred)).toEqual({ count: 100, p99Ms: 99, maxMs: 100 });
  expect(hundred[0]).toBe(100);
});

it("sorts numbers and not texts", () => {
  expect(latenciesOf([9, 100, 10])).toEqual({ count: 3, p99Ms: 100, maxMs: 100 });
});

it("is 0 without statements", () => {
  expect(latenciesOf([])).toEqual({ count: 0, p99Ms: 0, maxMs: 0 });
});
