import { expect, it } from "vitest";
import { etaSeconds, nextRate, tracker } from "../../src/backfill/progress.js";
import type { BackfillRecord } from "../../src/journal/records.js";

const RECORD: BackfillRecord = {
  ...{ migrationId: "1", stepId: "1-backfill", key: { columns: ["id"], types: ["int"] }, cursor: null, upper: ["9"] },
  ...{ rowsDone: 0, rowsChanged: 0, rowsTotal: 0, batches: 0, batchRows: 10, rate: 0 },
  ...{ state: "running", waitingFor: null, updatedAt: null },
};

it("smooths the rate over batches", () => {
  expect(nextRate(0, 1_000, 500)).toBe(2_000);
  expect(nextRate(2_000, 1_000, 1_000)).toBe(1_800);
});

it("has no time to go before there is a rate", () => {
  expect(etaSeconds({ rowsDone: 0, rowsTotal: 10, rate: 0 })).toBeNull();
});

it("does not know the time to go where there are more rows than estimated", () => {
  expect(etaSeconds({ rowsDone: 500, rowsTotal: 1_500, rate: 100 })).toBe(10);
  expect(etaSeconds({ rowsDone: 1_600, rowsTotal: 1_500, rate: 100 })).toBeNull();
});

it("estimates anew where there are more rows than was estimated, and only then", async () => {
  const begun = { ...RECORD, rowsDone: 0, rowsTotal: 100 };
  const read = (rowsDone: number) => async () => ({ record: { ...begun, rowsDone }, open: [] });
  const [within, beyond] = [tracker(begun, new Set()), tracker(begun, new Set())];
  await within.refresh(read(99), async () => 5_000);
  await beyond.refresh(read(100), async () => 5_000);
  expect([within, beyond].map((t) => t.progress().rowsTotal)).toEqual([100, 5_000]);
});
