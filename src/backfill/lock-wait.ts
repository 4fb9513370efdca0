import type { Blocker } from "../engines/engine.js";
import { heldBy } from "../engines/held-by.js";
import { ZmigrateError } from "../errors.js";
import { noting } from "./noting.js";
import type { Task } from "./task.js";

/** A worker's wait for a row that somebody else has locked: as for a throttle, and for as long. */
export interface LockWait {
  /** Who was seen to hold it. */
  saw(by: readonly Blocker[]): void;
  /**
   * A batch of this row alone has waited in vain.
   *
   * @param row for people
   * @param ms how long it has waited
   * @throws ZmigrateError throttled-too-long
   */
  inVain(row: string, ms: number): Promise<void>;
  /** The lock was had, or is waited for no more. */
  over(): Promise<void>;
}

/** @param note has the journal know what is waited for; null for nothing */
export function lockWait({ context, of, tracker }: Task, note: (why: string | null) => Promise<void>): LockWait {
  const { migrationId: migration, emit, pauseBudgetMs } = context;
  let holders: readonly Blocker[] = [];
  let spent = 0;
  const noted = noting(note);
  return {
    saw(by) {
      holders = by;
    },
    async inVain(row, ms) {
      spent += ms;
      tracker.waited(ms);
      const by = holders.length === 0 ? ", by whom was not to be seen" : ` by ${heldBy(holders)}`;
      const reason = `the row with ${row}, or its table, is locked${by}`;
      holders = [];
      await noted.say(reason);
      const { rowsDone, rowsTotal } = tracker.progress();
      emit({ event: "throttled", migration, step: of.stepId, reason, rowsDone, rowsTotal, lagMs: null });
      if (spent > pauseBudgetMs) throw new ZmigrateError("throttled-too-long", { reason, budgetMs: pauseBudgetMs });
    },
    async over() {
      holders = [];
      spent = 0;
      await noted.over();
    },
  };
}
