import { AsyncLocalStorage } from "node:async_hooks";
import { ZmigrateError } from "./errors.js";

/** Code that is not zmigrate's: a rule of somebody's own, by its id, or that of a backfill, by its file. */
type Origin = { readonly rule: string } | { readonly file: string };

const running = new AsyncLocalStorage<Origin>();

let backfillRan = false;

/** Runs the check of a rule that is not zmigrate's: what it starts and does not wait for is known for its doing. */
export function asRule<T>(rule: string, check: () => T): T {
  return running.run({ rule }, check);
}

/** As `asRule`, of code in the file of a backfill in TypeScript. */
export function asBackfillCode<T>(file: string, body: () => T): T {
  backfillRan = true;
  return running.run({ file }, body);
}

/** True once code of a backfill was run in this process: it may have anything open, as a timer or a pool of connections. */
export const hasRunBackfillCode = (): boolean => backfillRan;

/**
 * An error that nobody has caught: where code of somebody's own has started what failed, it is that code's. To be asked
 * where the error arrives.
 */
export function blamed(error: unknown): unknown {
  const origin = running.getStore();
  if (origin === undefined) return error;
  const reason = error instanceof Error ? error.message || error.name : String(error);
  return "rule" in origin
    ? new ZmigrateError("rule-failed-later", { rule: origin.rule, reason }, { cause: error })
    : new ZmigrateError("backfill-code-failed-later", { file: origin.file, reason }, { cause: error });
}
