import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Emit, RunEvent } from "../../model/event.js";

/** A run as Prometheus sees it. */
export interface Metrics {
  /** Hears what a run tells. */
  readonly emit: Emit;
  /** True when the run has begun to work: it connected, and has the runner's lock or helps who has it. */
  isReady(): boolean;
  /** The text of a scrape, and its content type. */
  scrape(): Promise<string>;
  readonly contentType: string;
}

const STEP = ["migration", "step"] as const;

type Of<K extends RunEvent["event"]> = Extract<RunEvent, { event: K }>;

/** Everything that is counted. */
function collectors(registers: Registry[]) {
  const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames: STEP, registers });
  const counter = (name: string, help: string) => new Counter({ name, help, labelNames: STEP, registers });
  return {
    rowsDone: gauge("zmigrate_backfill_rows_done", "Rows that the backfill has gone over, by all processes."),
    rowsTotal: gauge("zmigrate_backfill_rows_total", "Rows that it has to go over: an estimate."),
    rate: gauge("zmigrate_backfill_rows_per_second", "Rows a second, smoothed."),
    eta: gauge("zmigrate_backfill_eta_seconds", "Seconds to go, at this rate."),
    lag: gauge("zmigrate_replica_lag_seconds", "The lag of the replica that is furthest behind."),
    throttled: gauge("zmigrate_backfill_throttled", "1 while the backfill waits for a throttle."),
    waited: counter(
      "zmigrate_backfill_throttled_seconds_total",
      "Seconds that this process has waited for a throttle.",
    ),
    retries: counter("zmigrate_backfill_batch_retries_total", "Batches that failed and were tried again."),
    locks: counter("zmigrate_step_lock_retries_total", "Times that a step got no lock and was tried again."),
    running: gauge("zmigrate_step_running", "1 while the step runs."),
    batches: new Histogram({
      name: "zmigrate_backfill_batch_seconds",
      help: "How long batches of this process took.",
      labelNames: STEP,
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    gates: new Gauge({
      name: "zmigrate_gate_open",
      help: "1 where the gate is open, 0 where it is closed or unknown.",
      labelNames: ["migration", "stage", "gate"] as const,
      registers,
    }),
  };
}

const seconds = (ms: number): number => ms / 1_000;

/** @param now milliseconds of a clock that only goes forward */
export function metricsOf(now: () => number = () => performance.now()): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const c = collectors([registry]);
  let ready = false;
  /** When a wait began; null while nothing waits. */
  let since: number | null = null;
  /** Counts what has passed of a wait. */
  const passed = ({ migration, step }: Of<"throttled"> | Of<"batch">, waits: boolean) => {
    const labels = { migration, step };
    if (since !== null) c.waited.inc(labels, seconds(now() - since));
    since = waits ? now() : null;
    c.throttled.set(labels, waits ? 1 : 0);
  };
  const rows = ({ migration, step, rowsDone, rowsTotal, lagMs }: Of<"throttled"> | Of<"batch">) => {
    c.rowsDone.set({ migration, step }, rowsDone);
    c.rowsTotal.set({ migration, step }, rowsTotal);
    if (lagMs !== null) c.lag.set({ migration, step }, seconds(lagMs));
  };
  const on: { readonly [K in RunEvent["event"]]?: (event: Of<K>) => void } = {
    batch(e) {
      const labels = { migration: e.migration, step: e.step };
      passed(e, false);
      rows(e);
      c.rate.set(labels, e.rate);
      if (e.etaSeconds !== null) c.eta.set(labels, e.etaSeconds);
      // One without rows only says that it is all.
      if (e.batchRows > 0) c.batches.observe(labels, seconds(e.batchMs));
    },
    throttled(e) {
      passed(e, true);
      rows(e);
      c.rate.set({ migration: e.migration, step: e.step }, 0);
      c.eta.remove({ migration: e.migration, step: e.step });
    },
    "batch-retried": ({ migration, step }) => c.retries.inc({ migration, step }),
    "step-retried": ({ migration, step }) => c.locks.inc({ migration, step }),
    "step-started": ({ migration, step }) => c.running.set({ migration, step }, 1),
    "step-done": ({ migration, step }) => c.running.set({ migration, step }, 0),
    gate({ migration, stage, gates }) {
      for (const { name, state } of gates) c.gates.set({ migration, stage, gate: name }, state === "open" ? 1 : 0);
    },
  };
  return {
    emit(event) {
      ready ||= event.event !== "waiting-for-lock";
      (on[event.event] as ((e: RunEvent) => void) | undefined)?.(event);
    },
    isReady: () => ready,
    scrape: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
