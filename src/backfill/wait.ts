import { ZmigrateError } from "../errors.js";
import type { BackfillContext } from "./context.js";
import { sleep } from "./interrupted.js";
import type { Progress } from "./progress.js";

/** How often a stopped backfill looks again, milliseconds. */
const LOOK_AGAIN_MS = 250;

/** How often a wait that a person wants is told of: it may last for days, milliseconds. */
const TELL_WANTED_MS = 10_000;

/** A reason without its figures: these are others at each look. */
export const gistOf = (reason: string): string => reason.replace(/\d+(?:[.,:]\d+)*/g, "");

/**
 * Returns when the throttle lets go, with the lag it read last. Time in which a person wants it to wait is not counted.
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
  let said = "";
  let looked = performance.now();
  let spent = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    const reading = await context.throttle.check();
    if (reading.ok) {
      if (said !== "") await note(null);
      return reading.lagMs;
    }
    const isNews = gistOf(said) !== gistOf(reading.reason);
    if (isNews) await note(reading.reason);
    said = reading.reason;
    const now = performance.now();
    if (reading.wanted !== true) spent += now - looked;
    looked = now;
    const { rowsDone, rowsTotal } = progress;
    if (isNews || reading.wanted !== true || now - toldAt >= TELL_WANTED_MS) {
      toldAt = now;
      context.emit({
        event: "throttled",
        migration: context.migrationId,
        step: stepId,
        reason: said,
        rowsDone,
        rowsTotal,
        lagMs: reading.lagMs,
      });
    }
    if (spent > context.pauseBudgetMs)
      throw new ZmigrateError("throttled-too-long", { reason: said, budgetMs: context.pauseBudgetMs });
    await still();
    await sleep(LOOK_AGAIN_MS, context.signal);
  }
}
