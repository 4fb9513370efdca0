import type { Opaque, Query } from "../../../model/detail/data.js";
import type { OtherOperation } from "../../../model/operation.js";
import type { Phased, StrategyContext } from "../../engine.js";
import { notYet } from "../../strategies.js";
import { stepOf } from "./written.js";

/**
 * A block, a CALL, or a query that calls functions: what it does is not seen, so that it runs on a database alone on which no code
 * runs. It commits with its row of the journal, so that it runs once.
 *
 * @throws Refusal on any other
 */
export function runCode(detail: Opaque | Query, operation: OtherOperation, context: StrategyContext): Phased {
  if (context.newDatabase !== true) return notYet(detail, operation);
  const step = stepOf(operation, context, {
    name: "run",
    sql: [context.statement],
    transaction: true,
    unlimited: true,
    reason: "The database was new when this run began, so no code runs on it: this is run as it is written.",
  });
  const leaves = ["A rollback leaves what blocks and functions have done, and applying it again runs them again."];
  return { steps: [step], retires: [], gates: [], notes: [], leaves };
}
