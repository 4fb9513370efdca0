import { expect, it } from "vitest";
import { progressLine } from "../../../src/report/run/progress.js";

const BATCH = {
  event: "batch",
  migration: "m",
  step: "s",
  rowsDone: 250_000,
  rowsTotal: 1_000_000,
  rate: 50_000,
  etaSeconds: 15,
  batchRows: 10_000,
  batchMs: 240,
  lagMs: 40,
  throttledShare: 0.125,
} as const;

it("shows share, rows, rate, time to go and lag", () => {
  expect(progressLine(BATCH)).toBe(
    "██████░░░░░░░░░░░░░░░░░░  25 %  250,000 of 1,000,000 rows  50,000 rows/s  ETA 15.0 s  lag 40 ms  waited 13 %",
  );
});

it("leaves out what is not known", () => {
  expect(progressLine({ ...BATCH, etaSeconds: null, lagMs: null, throttledShare: 0 })).not.toMatch(/ETA|lag|waited/);
});

it("says what it waits for", () => {
  const { event: _, ...rest } = BATCH;
  expect(progressLine({ ...rest, event: "throttled", reason: "replica r is 3.0 s behind (limit 1.0 s)" })).toContain(
    "waiting: replica r is 3.0 s behind",
  );
});

it("is full for an empty table", () => {
  expect(progressLine({ ...BATCH, rowsDone: 0, rowsTotal: 0 })).toContain("100 %");
});

it("does not say that nothing is ahead while rows are, nor that anything is when none are", () => {
  expect(progressLine({ ...BATCH, etaSeconds: 0 })).toContain("ETA < 1 s");
  expect(progressLine({ ...BATCH, rowsDone: 1_000_000, etaSeconds: 0 })).not.toContain("ETA");
});
