import { expect, it } from "vitest";
import { callTime } from "../../../src/backfill/code/call-time.js";
import { growthOf, nextSize, sizesOf } from "../../../src/backfill/sizer.js";

const SIZES = sizesOf({ code: { select: [], update: [], concurrency: 1 } });

/** Rows of each of the first batches whose `map` takes so long. */
function sizes(took: (rows: number, batch: number) => number, batches: number, targetMs = 250): number[] {
  const calls = callTime();
  const all: number[] = [];
  let rows = SIZES.first;
  for (let n = 0; n < batches; n += 1) {
    all.push(rows);
    rows = nextSize(rows, calls.of(rows, took(rows, n), targetMs), targetMs, SIZES, growthOf(rows));
  }
  return all;
}

it("does not shrink batches whose time is not that of their rows, however slow the service is", () => {
  for (const ms of [251, 300, 900, 3_000]) {
    const all = sizes(() => ms, 14);
    expect(Math.min(...all), `${ms} ms`).toBeGreaterThanOrEqual(5);
    expect(all.at(-1), `${ms} ms`).toBe(SIZES.largest);
  }
  expect(sizes((_, n) => 300 + 80 * ((n * 7) % 3), 20).at(-1)).toBeGreaterThan(1_000);
});

it("holds batches to their aim where each row takes its time", () => {
  expect(sizes((rows) => 50 * rows, 20).slice(3)).toEqual(Array(17).fill(5));
  expect(sizes((rows) => 1_000 * rows, 20).at(-1)).toBe(1);
  const both = sizes((rows) => 300 + 10 * rows, 30).slice(-10);
  expect(Math.min(...both)).toBeGreaterThan(15);
  expect(Math.max(...both)).toBeLessThan(45);
});

it("lets rows take as long as a call takes without any", () => {
  const slow = sizes((rows) => 2_000 + 10 * rows, 30).slice(-10);
  expect(Math.min(...slow)).toBeGreaterThan(100);
  expect(Math.max(...slow)).toBeLessThan(400);
});

it("grows again where a service has become slower for all of its calls", () => {
  const all = sizes((_, n) => (n < 15 ? 300 : 1_200), 45);
  expect(Math.min(...all.slice(15))).toBeGreaterThan(50);
  expect(all.at(-1)).toBe(SIZES.largest);
});
