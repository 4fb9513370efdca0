import type { RunEvent } from "../../../src/model/event.js";
import type { CliResult, CliRun } from "./cli.js";
import { killHard, works } from "./scene.js";

/**
 * Runs a command again and again until it ends by itself, and works; each run is killed when it tells an event that
 * `isNew` takes. `isNew` must take each event once only, or this never ends.
 *
 * @param killed is given what a run printed that was killed: it may have told more before the signal arrived
 */
export async function killedAtEach(
  start: () => CliRun,
  isNew: (event: RunEvent) => boolean,
  killed: (result: CliResult) => void = () => undefined,
): Promise<void> {
  for (;;) {
    const run = start();
    if (!(await run.told(isNew))) {
      await works(run.result);
      return;
    }
    await killHard(run);
    killed(await run.result);
  }
}
