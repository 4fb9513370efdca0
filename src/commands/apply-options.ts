import type { ApplyOptions } from "../apply/options.js";
import type { Settings } from "../config/settings.js";
import type { Emit } from "../model/event.js";
import type { Live } from "./database.js";

/** How often a step that gets no lock is tried before the run gives up. */
const LOCK_RETRIES = 20;
/** How long a throttle may stop a backfill in one go before the run ends with 4, milliseconds. */
const PAUSE_BUDGET_MS = 30 * 60_000;

/** Who is told of a run, and who may stop it. */
export interface Around {
  /** Aborted to stop at the next batch or step; left out, nobody stops it. */
  readonly signal?: AbortSignal;
  /** Told of everything that happens; left out, nobody is. */
  readonly emit?: Emit;
}

/**
 * What `apply`, `rollback`, `baseline` and `repair` are told, from the settings: to expand and backfill all migrations.
 *
 * @example
 * const result = await apply({ ...applyOptions(settings, live), contract: true });
 */
export function applyOptions(
  settings: Settings,
  live: Live,
  { signal = new AbortController().signal, emit = () => undefined }: Around = {},
): ApplyOptions {
  const { release, replicaUrls, maxLagMs, lockTimeoutMs, lockWaitMs, batchTargetMs, workers, parkMs, soakMs } =
    settings;
  return {
    ...live,
    release,
    contract: false,
    phase: null,
    to: null,
    replicaUrls,
    maxLagMs,
    throttle: settings.throttle,
    gates: settings.gates,
    inFleet: settings.inFleet,
    lockTimeoutMs,
    lockWaitMs,
    lockRetries: LOCK_RETRIES,
    batchTargetMs,
    workers,
    pauseBudgetMs: PAUSE_BUDGET_MS,
    maxMismatches: settings.maxMismatches,
    execOrder: settings.execOrder,
    maxBadRows: settings.maxBadRows,
    maxRate: settings.maxRate,
    parkMs,
    soakMs,
    signal,
    emit,
  };
}
