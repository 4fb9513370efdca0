import type { BackfillRecord } from "../journal/records.js";

/** How much the newest batch weighs in the rate. */
const WEIGHT = 0.2;

/** Rows a second, smoothed over batches. */
export function nextRate(rate: number, rows: number, ms: number): number {
  const now = (rows * 1000) / Math.max(ms, 1);
  return rate === 0 ? now : rate * (1 - WEIGHT) + now * WEIGHT;
}

/** Seconds to go; null before there is a rate. The total is an estimate, so it never goes below what is done. */
export function etaSeconds(record: Pick<BackfillRecord, "rowsDone" | "rowsTotal" | "rate">): number | null {
  if (record.rate <= 0) return null;
  return Math.max(0, Math.round((record.rowsTotal - record.rowsDone) / record.rate));
}
