import { expect, it } from "vitest";
import { etaSeconds, nextRate } from "../../src/backfill/progress.js";

it("smooths the rate over batches", () => {
  expect(nextRate(0, 1_000, 500)).toBe(2_000);
  expect(nextRate(2_000, 1_000, 1_000)).toBe(1_800);
});

it("has no time to go before there is a rate", () => {
  expect(etaSeconds({ rowsDone: 0, rowsTotal: 10, rate: 0 })).toBeNull();
});

it("is done when more rows were found than estimated", () => {
  expect(etaSeconds({ rowsDone: 500, rowsTotal: 1_500, rate: 100 })).toBe(10);
  expect(etaSeconds({ rowsDone: 1_600, rowsTotal: 1_500, rate: 100 })).toBe(0);
});
