import type { BackfillKey } from "../engines/engine.js";
import type { OfBackfill } from "../journal/ranges.js";
import type { BackfillWork } from "../model/step.js";
import type { BackfillContext } from "./context.js";
import type { Tracker } from "./progress.js";

/** What the workers of a process share. */
export interface Task {
  readonly context: BackfillContext;
  readonly of: OfBackfill;
  readonly work: BackfillWork;
  readonly key: BackfillKey;
  /** Rows of a worker's first batch. */
  readonly batchRows: number;
  /** Rows of the table: an estimate. */
  readonly rowsTotal: number;
  readonly tracker: Tracker;
}
