import type { RefreshView } from "../../../model/detail/object.js";
import { show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import { type Phased, Refusal, type StrategyContext } from "../../engine.js";
import { beside, isAbout } from "./objects/in-file.js";
import { namedBy } from "./objects/known.js";
import { stepOf } from "./written.js";

/**
 * REFRESH MATERIALIZED VIEW, in the backfill phase: CONCURRENTLY, or of a view that this file makes.
 *
 * @throws Refusal for one that would block its readers
 */
export function refreshView(detail: RefreshView, operation: OtherOperation, context: StrategyContext): Phased {
  const { relation } = operation;
  if (relation === null) throw new Refusal("The view is not named.", "Name it.");
  const named = namedBy({ object: "materialized-view", name: relation }, operation, context);
  const isNew = named !== null && beside(operation, context, "before").some(isAbout(named, "create-object", context));
  if (!detail.concurrently && !isNew)
    throw new Refusal(
      `Who reads ${show(relation)} waits for as long as its query runs.`,
      "Write REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index over whole columns of it.",
    );
  const made = stepOf(operation, context, {
    name: "refresh",
    phase: "backfill",
    sql: [context.statement],
    unlimited: true,
    reason: isNew ? "Nobody reads it yet." : "Who reads it goes on and sees the former rows until it has ended.",
  });
  return { steps: [made], retires: [], gates: [], notes: [] };
}
