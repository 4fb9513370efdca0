import { ZmigrateError } from "../errors.js";
import type { BackfillContext } from "./context.js";
import { sleep } from "./interrupted.js";
import type { Progress } from "./progress.js";

/** How often a stopped backfill looks again, milliseconds. */
const LOOK_AGAIN_MS = 250;

/** A reason without its figures: these are others at each look. */
const gistOf = (reason: string): string => reason.replace(/\d+(?:[.,:]\d+)*/g, "");

/**
 * Returns when the throttle lets go, with the lag it read last.
 *
 * @param note called when waiting begins and when it is for another reason (with why), and when it ends (with null)
 * @param still called each time that it goes on waiting
 * @throws ZmigrateError throttled-too-long
 */
export async function waitForThrottle(
  context: BackfillContext,
  stepId: string,
  progress: Progress,
  note: (why: string | null) => Promise<void>,
  still: () => Promise<void>,
): Promise<number | null> {
  const began = performance.now();
  let said = "";
  for (;;) {
    const reading = await context.throttle.check();
    if (reading.ok) {
      if (said !== "") await note(null);
      return reading.lagMs;
    }
    if (gistOf(said) !== gistOf(reading.reason)) await note(reading.reason);
    said = reading.reason;
    const { rowsDone, rowsTotal } = progress;
    context.emit({
      event: "throttled",
      migration: context.migrationId,
      step: stepId,
      reason: said,
      rowsDone,
      rowsTotal,
      lagMs: reading.lagMs,
    });
    if (performance.now() - began > context.pauseBudgetMs)
      throw new ZmigrateError("throttled-too-long", { reason: said, budgetMs: context.pauseBudgetMs });
    await still();
    await sleep(LOOK_AGAIN_MS, context.signal);
  }
}
