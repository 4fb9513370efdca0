import type { Operation, OtherOperation } from "../../../model/operation.js";
import type { Phased, StrategyContext } from "../../engine.js";
import { nothing, stepOf } from "./written.js";

/** One statement may name several of them. */
const DROPS: ReadonlySet<string> = new Set(["drop-index", "drop-object", "drop-table"]);

function dropsWithAll(operation: Operation): operation is OtherOperation {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  return detail !== undefined && DROPS.has(detail.kind) && "cascade" in detail && detail.cascade === true;
}

/** Whether another one of the same statement stands in front: that one runs it. */
function isLater({ file, ordinal }: StrategyContext): boolean {
  const own = file[ordinal - 1]?.statement;
  return own !== undefined && file[ordinal - 2]?.statement === own;
}

/**
 * DROP ... CASCADE takes what uses it, seen or unseen, which harms nobody on a database on which no code runs; null on any
 * other, and for every other statement.
 */
export function dropWithAll(operation: Operation, context: StrategyContext): Phased | null {
  if (context.newDatabase !== true || !dropsWithAll(operation)) return null;
  if (isLater(context)) return nothing("It goes with what the same statement drops in front of it.");
  const step = stepOf(operation, context, {
    name: "drop",
    final: true,
    sql: [context.statement],
    reason: "The database was new when this run began, so no code runs on it: what uses it goes with it.",
  });
  return { steps: [step], retires: [], gates: [], notes: [] };
}
