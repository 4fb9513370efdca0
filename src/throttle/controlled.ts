import { stop, stopAsWanted } from "../engines/reading.js";
import { ZmigrateError } from "../errors.js";
import { byWhom, type Control } from "../journal/controls.js";
import type { Throttle } from "./throttle.js";

/** What a person says of a backfill that runs, by `zmigrate pause`, `resume` and `cancel`. */
export interface Controlled extends Throttle {
  /** What a batch is to take, milliseconds; null where nobody said. */
  batchTargetMs(): number | null;
}

/** Where the throttle of a run, and what people ask, come from. */
export interface ControlSources {
  /** @throws what the database answers: then the backfill waits */
  read(): Promise<Control | null>;
  /** The throttle; the limit of lag that people want is asked each time: null is the run's own. */
  open(maxLagMs: () => number | null): Promise<Throttle>;
  /** The server's message, without passwords. */
  describe(error: unknown): string;
}

/** How often the journal is asked, milliseconds. */
const ASK_MS = 250;

/**
 * A throttle that also listens to what people ask from another terminal. What they ask cannot be read counts as a pause.
 *
 * @throws ZmigrateError backfill-cancelled, from `check`
 */
export async function controlled({ read, open, describe }: ControlSources): Promise<Controlled> {
  let control: Control | null = null;
  let blind: string | null = null;
  let asked = Number.NEGATIVE_INFINITY;
  const throttle = await open(() => control?.maxLagMs ?? null);
  const ask = async () => {
    if (performance.now() - asked < ASK_MS) return;
    asked = performance.now();
    try {
      control = await read();
      blind = null;
    } catch (error) {
      blind = describe(error);
    }
  };
  let asking: Promise<void> | null = null;
  /** Workers of a process ask together. */
  const askOnce = () => {
    asking ??= ask().finally(() => {
      asking = null;
    });
    return asking;
  };
  return {
    async check() {
      await askOnce();
      if (blind !== null) return stop(`the journal cannot be read: ${blind}`);
      if (control?.wish === "cancel")
        throw new ZmigrateError("backfill-cancelled", { id: control.migrationId, by: byWhom(control) });
      return control?.wish === "pause" ? stopAsWanted(`paused ${byWhom(control)}`) : throttle.check();
    },
    batchTargetMs: () => control?.batchTargetMs ?? null,
    close: () => throttle.close(),
  };
}
