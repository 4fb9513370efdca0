import type { CompareContext } from "../backfill/compare.js";
import type { Run } from "./run.js";

/** What a rollback, or a step, compares with: it tells how far it is, as a backfill does. */
export function comparing(run: Run, migration: string, step = "rollback"): CompareContext {
  const { database, batchTargetMs, emit } = run.options;
  return {
    database,
    signal: run.signal,
    targetMs: batchTargetMs,
    tell: (progress) => emit({ event: "comparing", migration, step, ...progress }),
  };
}
