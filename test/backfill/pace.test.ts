import { expect, it } from "vitest";
import { headOf, restOf, withinPace } from "../../src/backfill/pace.js";

it("gives each worker its share, in batches of at most a second", () => {
  expect(withinPace(5_000, { maxRate: 1_000, workers: 2 })).toBe(500);
  expect(withinPace(100, { maxRate: 1_000, workers: 2 })).toBe(100);
  expect(withinPace(100, { maxRate: 1, workers: 4 })).toBe(1);
  expect(restOf(500, 200, { maxRate: 1_000, workers: 1 })).toBe(300);
  expect(restOf(500, 200, { maxRate: 1_000, workers: 2 })).toBe(800);
  expect(restOf(500, 2_000, { maxRate: 1_000, workers: 1 })).toBe(0);
});

it("lets workers begin one after the other where they are more than rows a second", () => {
  expect([1, 2, 3].map((number) => headOf(number, { maxRate: 2, workers: 4 }))).toEqual([0, 500, 1_000]);
  expect(headOf(3, { maxRate: 4, workers: 4 })).toBe(0);
  expect(headOf(3, { maxRate: 0, workers: 4 })).toBe(0);
});

it("is no limit where none is named", () => {
  expect(withinPace(5_000, { maxRate: 0, workers: 2 })).toBe(5_000);
  expect(restOf(5_000, 1, { maxRate: 0, workers: 2 })).toBe(0);
});
