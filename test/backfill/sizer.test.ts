import { expect, it } from "vitest";
import { eased, FIRST_BATCH, growthOf, LARGEST_BATCH, nextSize } from "../../src/backfill/sizer.js";

it("grows by at most half", () => {
  expect(nextSize(1_000, 1, 250)).toBe(1_500);
  expect(nextSize(1_000, 200, 250)).toBe(1_250);
});

it("halves on overshoot and falls to a tenth beyond five times the aim", () => {
  expect(nextSize(1_000, 400, 250)).toBe(500);
  expect(nextSize(1_000, 1_251, 250)).toBe(100);
});

it("stays where it is near the aim", () => {
  expect(nextSize(1_000, 250, 250)).toBe(1_000);
});

it("shrinks to a single row where rows cost so much, and neither for a throttle nor for an aim that none can reach", () => {
  expect(nextSize(60, 60_000, 250)).toBe(6);
  expect(nextSize(2, 60_000, 250)).toBe(1);
  expect([nextSize(60, 40, 1), nextSize(50, 40, 1), nextSize(20, 40, 1)]).toEqual([50, 50, 25]);
  expect([eased(80), eased(20)]).toEqual([50, 20]);
});

it("begins small, and is at a thousand rows of no cost behind the fifth batch", () => {
  let rows = FIRST_BATCH;
  for (let n = 0; n < 4; n += 1) rows = nextSize(rows, 1, 250, undefined, growthOf(rows));
  expect(rows).toBe(1_000);
  expect(nextSize(FIRST_BATCH, 300, 100, undefined, growthOf(FIRST_BATCH))).toBe(5);
});

it("grows back to where fewer rows are no faster, though no batch reaches the aim", () => {
  let rows = 1;
  for (let n = 0; n < 10; n += 1) rows = nextSize(rows, 8, 2);
  expect(rows).toBe(50);
  expect(nextSize(1, 48, 2)).toBe(2);
  expect(nextSize(1, 55, 2)).toBe(1);
});

it("grows again after an error has left it one row", () => {
  expect(nextSize(1, 1, 250)).toBe(2);
});

it("never falls below one row nor grows beyond the largest batch", () => {
  expect(nextSize(1, 60_000, 250)).toBe(1);
  expect(nextSize(LARGEST_BATCH, 1, 250)).toBe(LARGEST_BATCH);
});

it("grows by a tenth for twenty batches behind a stop by the throttle", () => {
  expect([0, 19, 20, Number.POSITIVE_INFINITY].map((batches) => growthOf(1_000, batches))).toEqual([
    1.1, 1.1, 1.5, 1.5,
  ]);
  expect(nextSize(1_000, 1, 250, undefined, growthOf(1_000, 0))).toBe(1_100);
  expect(nextSize(1_000, 400, 250, undefined, growthOf(1_000, 0))).toBe(500);
});
