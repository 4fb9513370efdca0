import { expect, it } from "vitest";
import { growthOf, LARGEST_BATCH, nextSize, SMALLEST_BATCH } from "../../src/backfill/sizer.js";

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

it("does not shrink a batch that is mostly round trips", () => {
  expect(nextSize(60, 60_000, 250)).toBe(SMALLEST_BATCH);
  expect(nextSize(20, 60_000, 250)).toBe(20);
});

it("grows again after an error has left it one row", () => {
  expect(nextSize(1, 1, 250)).toBe(2);
});

it("never falls below one row nor grows beyond the largest batch", () => {
  expect(nextSize(1, 60_000, 250)).toBe(1);
  expect(nextSize(LARGEST_BATCH, 1, 250)).toBe(LARGEST_BATCH);
});

it("grows by a tenth for twenty batches behind a stop by the throttle", () => {
  expect([0, 19, 20, Number.POSITIVE_INFINITY].map(growthOf)).toEqual([1.1, 1.1, 1.5, 1.5]);
  expect(nextSize(1_000, 1, 250, undefined, growthOf(0))).toBe(1_100);
  expect(nextSize(1_000, 400, 250, undefined, growthOf(0))).toBe(500);
});
