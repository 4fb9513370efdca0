import { AsyncLocalStorage } from "node:async_hooks";
import { ZmigrateError } from "../errors.js";

const checking = new AsyncLocalStorage<string>();

/** Runs the check of a rule that is not zmigrate's: what it starts and does not wait for is known for its doing. */
export function asRule<T>(id: string, check: () => T): T {
  return checking.run(id, check);
}

/**
 * An error that nobody has caught: where a rule of somebody's own has started what failed, it is that rule's. To be
 * asked where the error arrives.
 */
export function blamed(error: unknown): unknown {
  const rule = checking.getStore();
  if (rule === undefined) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new ZmigrateError("rule-failed-later", { rule, reason }, { cause: error });
}
