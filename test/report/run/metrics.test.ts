import { expect, it } from "vitest";
import type { RunEvent } from "../../../src/model/event.js";
import { metricsOf } from "../../../src/report/run/metrics.js";

const OF = { migration: "20260101000000", step: "1-backfill" };
const LABELS = 'migration="20260101000000",step="1-backfill"';
const ROWS = { ...OF, rowsDone: 400, rowsTotal: 1_000, lagMs: 1_500 };
const BATCH: RunEvent = {
  ...ROWS,
  event: "batch",
  rate: 50,
  etaSeconds: 12,
  batchRows: 100,
  batchMs: 200,
  throttledShare: 0,
};
const THROTTLED: RunEvent = { ...ROWS, event: "throttled", reason: "replica r is 3.0 s behind" };

/** Values by what stands before them in a scrape, comments and the process's own metrics left out. */
const values = (text: string): Record<string, number> =>
  Object.fromEntries(
    text
      .split("\n")
      .filter((line) => line.startsWith("zmigrate_"))
      .map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))]),
  );

it("tells how a backfill stands, and how long it waited", async () => {
  let clock = 0;
  const { emit, scrape } = metricsOf(() => clock);
  emit({ ...OF, event: "step-started", phase: "backfill", kind: "backfill", sql: [], reason: "" });
  emit(BATCH);
  expect(values(await scrape())).toMatchObject({
    [`zmigrate_backfill_rows_per_second{${LABELS}}`]: 50,
    [`zmigrate_backfill_eta_seconds{${LABELS}}`]: 12,
  });
  emit(THROTTLED);
  clock = 2_000;
  emit(THROTTLED);
  expect(values(await scrape())).toMatchObject({
    [`zmigrate_step_running{${LABELS}}`]: 1,
    [`zmigrate_backfill_rows_done{${LABELS}}`]: 400,
    [`zmigrate_backfill_rows_total{${LABELS}}`]: 1_000,
    [`zmigrate_backfill_rows_per_second{${LABELS}}`]: 0,
    [`zmigrate_replica_lag_seconds{${LABELS}}`]: 1.5,
    [`zmigrate_backfill_throttled{${LABELS}}`]: 1,
    [`zmigrate_backfill_throttled_seconds_total{${LABELS}}`]: 2,
    [`zmigrate_backfill_batch_seconds_bucket{le="0.25",${LABELS}}`]: 1,
    [`zmigrate_backfill_batch_seconds_bucket{le="0.1",${LABELS}}`]: 0,
  });
  expect(await scrape()).not.toMatch(/^zmigrate_backfill_eta_seconds\{/m);
  clock = 3_000;
  emit(BATCH);
  clock = 9_000;
  emit(BATCH);
  emit({ ...OF, event: "step-done", phase: "backfill", ms: 9_000 });
  expect(values(await scrape())).toMatchObject({
    [`zmigrate_backfill_throttled{${LABELS}}`]: 0,
    [`zmigrate_backfill_throttled_seconds_total{${LABELS}}`]: 3,
    [`zmigrate_step_running{${LABELS}}`]: 0,
  });
});

it("counts retries, and tells which gates are open", async () => {
  const { emit, scrape } = metricsOf();
  emit({ ...OF, event: "batch-retried", why: "deadlock", rows: 10 });
  emit({ ...OF, event: "step-retried", attempt: 1, waitMs: 10, why: "lock timeout" });
  const gates = [
    { name: "soak", state: "open", reason: "" },
    { name: "replicas", state: "unknown", reason: "" },
  ] as const;
  emit({ event: "gate", migration: OF.migration, stage: "swap", gates });
  const gate = (name: string) => `zmigrate_gate_open{migration="${OF.migration}",stage="swap",gate="${name}"}`;
  expect(values(await scrape())).toMatchObject({
    [`zmigrate_backfill_batch_retries_total{${LABELS}}`]: 1,
    [`zmigrate_step_lock_retries_total{${LABELS}}`]: 1,
    [gate("soak")]: 1,
    [gate("replicas")]: 0,
  });
});

it("is ready once the run works, and not while it waits for another one", () => {
  const { emit, isReady } = metricsOf();
  expect(isReady()).toBe(false);
  emit({ event: "waiting-for-lock", holder: "pid 7" });
  expect(isReady()).toBe(false);
  emit({ ...OF, event: "helping" });
  expect(isReady()).toBe(true);
});

it("counts no batch that only says that it is all", async () => {
  const { emit, scrape } = metricsOf(() => 0);
  emit(BATCH);
  emit({ ...BATCH, batchRows: 0, batchMs: 0 });
  const counts = Object.entries(values(await scrape())).filter(
    ([name]) => name.includes("batch") && name.includes("_count"),
  );
  expect(counts.map(([, n]) => n)).toEqual([1]);
});
