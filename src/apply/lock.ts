import { sleep } from "../backfill/interrupted.js";
import type { Session } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import type { ApplyOptions } from "./options.js";

/** How often the lock is tried, milliseconds. */
const POLL_MS = 250;

/** How often it is looked whether there is something to do meanwhile, milliseconds. */
const MEANWHILE_MS = 1_000;

/** Who waits for the lock, and what is done about it. */
export interface Queued {
  readonly session: Session;
  readonly options: Pick<ApplyOptions, "database" | "lockWaitMs" | "signal" | "emit">;
  /** Done once, where another one holds the lock, before anything is waited for. */
  first(): Promise<void>;
  /** What can be done without the lock: true where something was, which is no waiting. */
  meanwhile(): Promise<boolean>;
}

/**
 * Waits for the runner's lock by trying it: waiting on the server would deadlock with CREATE INDEX CONCURRENTLY.
 *
 * @throws ZmigrateError runner-locked after `lockWaitMs`, naming the holder
 */
export async function takeRunnerLock({ session, options, first, meanwhile }: Queued): Promise<void> {
  const { database, lockWaitMs: waitMs, signal, emit } = options;
  let began = performance.now();
  let looked = Number.NEGATIVE_INFINITY;
  let said = "";
  while (!(await database.tryRunnerLock(session))) {
    const holder = (await database.runnerLockHolder(session)) ?? "a session that has just ended";
    if (said === "") await first();
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
