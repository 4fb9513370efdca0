import type { Fleet, FleetDatabase } from "../config/environments.js";

/** How the work on one database ended. */
export type Ended<T> =
  | { readonly database: FleetDatabase; readonly ms: number; readonly result: T }
  | { readonly database: FleetDatabase; readonly ms: number; readonly error: unknown };

/** What became of a fleet. */
export interface FleetResult<T> {
  /** In the order in which they ended. */
  readonly ended: readonly Ended<T>[];
  /** Those that were not begun: one had failed, or the run was asked to stop. */
  readonly left: readonly FleetDatabase[];
}

export const hasFailed = <T>(one: Ended<T>): one is Extract<Ended<T>, { readonly error: unknown }> => "error" in one;

/**
 * Does something with each database of a fleet: wave after wave, some of a wave at once. Behind the first that fails none
 * is begun; those that have begun are let end.
 *
 * @param one its signal is aborted with that of the fleet
 * @param told is called as each ends
 * @param stops whether an error keeps others from being begun
 * @example
 * const { ended, left } = await inWaves(fleet, signal, (database) => migrate(database.databaseUrl), () => undefined);
 */
export async function inWaves<T>(
  { waves, parallel }: Fleet,
  signal: AbortSignal,
  one: (database: FleetDatabase, signal: AbortSignal) => Promise<T>,
  told: (ended: Ended<T>) => void,
  stops: (error: unknown) => boolean = () => true,
): Promise<FleetResult<T>> {
  const ended: Ended<T>[] = [];
  const left: FleetDatabase[] = [];
  const isOver = () => signal.aborted || ended.some((end) => hasFailed(end) && stops(end.error));
  for (const wave of waves) {
    const ahead = [...wave];
    const worker = async () => {
      for (let next = ahead.shift(); next !== undefined; next = ahead.shift()) {
        if (isOver()) left.push(next);
        else {
          const end = await timed(next, one, signal);
          ended.push(end);
          told(end);
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(parallel, wave.length) }, worker));
  }
  return { ended, left };
}

async function timed<T>(
  database: FleetDatabase,
  one: (database: FleetDatabase, signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<Ended<T>> {
  const began = performance.now();
  const ms = () => performance.now() - began;
  try {
    // Of its own: what a run listens to must not stay for as long as the fleet takes.
    return { database, result: await one(database, AbortSignal.any([signal])), ms: ms() };
  } catch (error) {
    return { database, error, ms: ms() };
  }
}
