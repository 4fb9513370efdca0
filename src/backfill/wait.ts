import { ZmigrateError } from "../errors.js";
import type { BackfillContext } from "./context.js";
import { sleep } from "./interrupted.js";
import { noting } from "./noting.js";
import type { Progress } from "./progress.js";

/** How often a stopped backfill looks again, milliseconds. */
const LOOK_AGAIN_MS = 250;

/** How often a wait that a person wants is told of: it may last for days, milliseconds. */
const TELL_WANTED_MS = 10_000;

/**
 * Returns when the throttle lets go, with the lag it read last. Time in which a person wants it to wait is not counted.
 *
 * @param note called when waiting begins, when it is for another reason and now and then with its figures (with why), and when it ends (with null)
 * @param progress how far it is, with what others do meanwhile
 * @param still called each time that it goes on waiting
 * @throws ZmigrateError throttled-too-long
 */
export async function waitForThrottle(
  context: BackfillContext,
  stepId: string,
  progress: () => Progress,
  note: (why: string | null) => Promise<void>,
  still: () => Promise<void>,
): Promise<number | null> {
  const noted = noting(note);
  let looked = performance.now();
  let spent = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  let toldRows = 0;
  for (;;) {
    const reading = await context.throttle.check();
    if (reading.ok) {
      await noted.over();
      return reading.lagMs;
    }
    const { reason } = reading;
    const isNews = await noted.say(reason);
    const now = performance.now();
    if (reading.wanted !== true) spent += now - looked;
    looked = now;
    const { rowsDone, rowsTotal } = progress();
    if (isNews || reading.wanted !== true || now - toldAt >= TELL_WANTED_MS || rowsDone !== toldRows) {
      toldAt = now;
      toldRows = rowsDone;
      context.emit({
        event: "throttled",
        migration: context.migrationId,
        step: stepId,
        reason,
        rowsDone,
        rowsTotal,
        lagMs: reading.lagMs,
      });
    }
    if (spent > context.pauseBudgetMs)
      throw new ZmigrateError("throttled-too-long", { reason, budgetMs: context.pauseBudgetMs });
    await still();
    await sleep(LOOK_AGAIN_MS, context.signal);
  }
}
