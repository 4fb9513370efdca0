import type { Timeouts } from "../engines/engine.js";
import { show } from "../model/name.js";
import type { Step } from "../model/step.js";
import type { Run } from "./run.js";

/** How long a statement that only changes the catalog may take once it has its lock, milliseconds. */
const BRIEF_MS = 10_000;

/**
 * A build or validation that waits for a lock which lets reads and writes through holds nobody up, while giving up
 * throws away its work: it waits for as long as it must.
 */
const waitsInPeace = (step: Step): boolean =>
  step.unlimited && step.locks.length > 0 && step.locks.every((l) => l.blocks === "ddl" || l.blocks === "nothing");

/**
 * PostgreSQL looks for deadlocks after a second (`deadlock_timeout`), and ends who has waited for so long: a statement of
 * ours that takes the locks of several tables gives up before, so that it is never the application's that is ended.
 */
const BEFORE_DEADLOCK_MS = 900;

/** Whether it waits for the locks of several tables, one after the other. */
export const takesSeveral = ({ locks }: Step): boolean => new Set(locks.map((lock) => show(lock.relation))).size > 1;

function lockMsOf({ options }: Run, step: Step): number {
  if (waitsInPeace(step)) return 0;
  const detects = options.database.journal.transactionalDdl && takesSeveral(step);
  return detects ? Math.min(options.lockTimeoutMs, BEFORE_DEADLOCK_MS) : options.lockTimeoutMs;
}

/** What a step's statements may wait and take. */
export const timeouts = (run: Run, step: Step): Timeouts => ({
  lockMs: lockMsOf(run, step),
  statementMs: step.unlimited ? 0 : run.options.lockTimeoutMs + BRIEF_MS,
});
