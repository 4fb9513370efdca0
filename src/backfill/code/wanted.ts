import { regularly } from "../../engines/regularly.js";
import type { Throttle } from "../../throttle/throttle.js";

/** How often it is asked whether a call that takes long is still wanted, milliseconds. */
const ASK_MS = 1_000;

/**
 * Runs what may take long with a signal that is aborted when the run is to stop, and when a person cancels the backfill:
 * then with that error.
 */
export async function whileWanted<T>(
  { signal, throttle }: { readonly signal: AbortSignal; readonly throttle: Throttle },
  body: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const cancelled = new AbortController();
  const asking = regularly(ASK_MS, () => throttle.check().catch((error: unknown) => cancelled.abort(error)));
  try {
    return await body(AbortSignal.any([signal, cancelled.signal]));
  } finally {
    void asking.stop();
  }
}
