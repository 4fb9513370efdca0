import { sleep } from "../backfill/interrupted.js";
import type { Database, Session } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import type { Emit } from "../model/event.js";

/** How often the lock is tried, milliseconds. */
const POLL_MS = 250;

/** How often it is looked whether there is something to do meanwhile, milliseconds. */
const MEANWHILE_MS = 1_000;

/**
 * Waits for the runner's lock by trying it: waiting on the server would deadlock with CREATE INDEX CONCURRENTLY.
 *
 * @param meanwhile what can be done without the lock: true where something was, which is no waiting
 * @param queued what is done once, where another one holds the lock, before anything is waited for
 * @throws ZmigrateError runner-locked after `waitMs`, naming the holder
 */
export async function takeRunnerLock(
  database: Database,
  session: Session,
  waitMs: number,
  signal: AbortSignal,
  emit: Emit,
  meanwhile: () => Promise<boolean> = async () => false,
  queued: () => Promise<void> = async () => undefined,
): Promise<void> {
  let began = performance.now();
  let looked = Number.NEGATIVE_INFINITY;
  let said = "";
  while (!(await database.tryRunnerLock(session))) {
    const holder = (await database.runnerLockHolder(session)) ?? "a session that has just ended";
    if (said === "") await queued();
    if (performance.now() - began > waitMs) throw new ZmigrateError("runner-locked", { holder, waitedMs: waitMs });
    if (said === "") emit({ event: "waiting-for-lock", holder });
    said = holder;
    if (performance.now() - looked > MEANWHILE_MS) {
      if (await meanwhile()) began = performance.now();
      looked = performance.now();
    }
    await sleep(POLL_MS, signal);
  }
}
