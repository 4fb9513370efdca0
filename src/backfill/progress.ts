import type { BackfillRecord, RangeRecord } from "../journal/records.js";

/** How much the newest batch weighs in the rate. */
const WEIGHT = 0.2;

/** Rows a second, smoothed over batches. */
export function nextRate(rate: number, rows: number, ms: number): number {
  const now = (rows * 1000) / Math.max(ms, 1);
  return rate === 0 ? now : rate * (1 - WEIGHT) + now * WEIGHT;
}

/** Seconds to go; null before there is a rate, and where there are more rows than was estimated: nobody knows how many. */
export function etaSeconds(record: Pick<BackfillRecord, "rowsDone" | "rowsTotal" | "rate">): number | null {
  const left = record.rowsTotal - record.rowsDone;
  return record.rate <= 0 || left <= 0 ? null : Math.round(left / record.rate);
}

/** How far a backfill is. */
export interface Progress {
  readonly rowsDone: number;
  /** An estimate, and never less than what is done. */
  readonly rowsTotal: number;
  /** Rows a second, of all workers. */
  readonly rate: number;
}

/** How often the journal is asked what other processes have done, milliseconds. */
const ASK_MS = 1_000;

/** What the workers of this process do, and what the journal knows of all. */
export interface Tracker {
  progress(): Progress;
  /** How many workers there are, those of other processes too. */
  workers(): number;
  /** A worker of this process has done a batch. */
  add(worker: number, rows: number, rate: number): void;
  /** A worker of this process has waited for a throttle, milliseconds. */
  waited(ms: number): void;
  /** The share of the time until now that the workers of this process have waited, 0 to 1. */
  throttledShare(): number;
  /** Reads what the journal knows, where that is a second old, and estimates anew where there are more rows than was thought. */
  refresh(
    read: () => Promise<{ record: BackfillRecord | null; open: readonly RangeRecord[] }>,
    estimate: () => Promise<number>,
  ): Promise<void>;
}

/** @param own the names of this process's workers */
export function tracker(begun: BackfillRecord, own: ReadonlySet<string>): Tracker {
  const began = performance.now();
  let waited = 0;
  let { rowsDone, rowsTotal } = begun;
  let elsewhere = 0;
  let others = 0;
  let asked = Number.NEGATIVE_INFINITY;
  const rates = new Map<number, number>();
  return {
    progress() {
      const rate = [...rates.values()].reduce((sum, own) => sum + own, elsewhere);
      return { rowsDone, rowsTotal: Math.max(rowsTotal, rowsDone), rate };
    },
    workers: () => own.size + others,
    add(worker, rows, rate) {
      rowsDone += rows;
      rates.set(worker, rate);
    },
    waited(ms) {
      waited += ms;
    },
    throttledShare() {
      const all = (performance.now() - began) * own.size;
      return all <= 0 ? 0 : Math.min(1, waited / all);
    },
    async refresh(read, estimate) {
      if (performance.now() - asked < ASK_MS) return;
      asked = performance.now();
      const { record, open } = await read();
      if (record === null) return;
      rowsDone = record.rowsDone;
      if (rowsDone >= rowsTotal) rowsTotal = await estimate();
      const theirs = open.filter((range) => !own.has(range.worker));
      elsewhere = theirs.reduce((sum, range) => sum + range.rate, 0);
      others = new Set(theirs.map((range) => range.worker)).size;
    },
  };
}
