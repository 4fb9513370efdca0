import type { OtherOperation } from "../../../model/operation.js";
import type { Phased, StrategyContext } from "../../engine.js";
import { stepOf } from "./written.js";

/** A change of a table that no running code knows: one step, as it is written. */
export function onNewTable(
  operation: OtherOperation,
  context: StrategyContext,
  given: { readonly name: string; readonly sql: readonly string[]; readonly undo: readonly string[] },
): Phased {
  const reason = "The table is new in this release, so no running code knows it: the change is made at once.";
  return { steps: [stepOf(operation, context, { ...given, reason })], retires: [], gates: [], notes: [] };
}
