import type { BackfillContext } from "./context.js";

/**
 * What the journal is told while nothing is written: why a worker waits, and that it is there still. Where its tables are locked
 * (a backup's global read lock on MySQL) the wait goes on without that. A lease that runs out meanwhile is noticed by the next batch.
 */
export async function unlessLocked(
  { database }: Pick<BackfillContext, "database">,
  write: Promise<void>,
): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (database.classify(error) !== "lock-timeout") throw error;
  }
}
