import { sleep } from "../backfill/interrupted.js";
import type { Database, Session } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import type { Emit } from "../model/event.js";

/** How often the lock is tried, milliseconds. */
const POLL_MS = 250;

/**
 * Waits for the runner's lock by trying it: waiting on the server would deadlock with CREATE INDEX CONCURRENTLY.
 *
 * @throws ZmigrateError runner-locked after `waitMs`, naming the holder
 */
export async function takeRunnerLock(
  database: Database,
  session: Session,
  waitMs: number,
  signal: AbortSignal,
  emit: Emit,
): Promise<void> {
  const began = performance.now();
  let said = "";
  while (!(await database.tryRunnerLock(session))) {
    const holder = (await database.runnerLockHolder(session)) ?? "a session that has just ended";
    if (performance.now() - began > waitMs) throw new ZmigrateError("runner-locked", { holder, waitedMs: waitMs });
    if (said === "") emit({ event: "waiting-for-lock", holder });
    said = holder;
    await sleep(POLL_MS, signal);
  }
}
