import { stopIfAsked } from "../backfill/interrupted.js";
import type { Session } from "../engines/engine.js";
import { isError } from "../errors.js";
import type { Step } from "../model/step.js";
import { TRIES_OF_A_MOMENT } from "./retry.js";
import type { Run } from "./run.js";

/**
 * Runs once more, while writers wait, what failed at what they tried for a moment (`Database.momentary`). They wait for no longer
 * than the lock timeout, the lock and the rebuild together: then the server is told to end it.
 *
 * @param failed what the tries beside them ended with
 * @param work runs a step's statements, and records that they are done
 * @returns false where that was not it, or the time was not enough: all is as it was
 */
export async function ranAlone(
  run: Run,
  migration: string,
  step: Step,
  failed: unknown,
  work: (step: Step, session: Session) => Promise<void>,
): Promise<boolean> {
  const { database, emit, lockTimeoutMs } = run.options;
  const { alone, endStatement } = database;
  if (!isError(failed, "step-failed") || failed.data.when === undefined) return false;
  if (alone === undefined || endStatement === undefined) return false;
  const sql = step.sql.map(alone);
  const why = `${failed.data.reason}. Once more while writers wait, for ${lockTimeoutMs} ms at most`;
  emit({ event: "step-retried", migration, step: step.id, attempt: TRIES_OF_A_MOMENT, waitMs: 0, why });
  stopIfAsked(run.signal);
  const session = await run.ddl(migration);
  let ending = Promise.resolve();
  const timer = setTimeout(() => {
    ending = endStatement(run.observer, session.id).catch(() => undefined);
  }, lockTimeoutMs);
  try {
    await work({ ...step, sql, unlimited: false }, session);
    return true;
  } catch (error) {
    await database.reset(session);
    const kind = database.classify(error);
    if (kind === "statement-timeout" || kind === "lock-timeout" || kind === "deadlock") return false;
    throw error;
  } finally {
    clearTimeout(timer);
    await ending;
  }
}
