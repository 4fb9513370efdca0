import type { AlterObject } from "../../../../model/detail/object.js";
import type { OtherOperation } from "../../../../model/operation.js";
import type { Phased, StrategyContext } from "../../../engine.js";
import { quote, quoteRelation } from "../../names.js";
import { stepOf } from "../written.js";

/** What subscribers lose goes in contract; a table that is added is new to them. */
export function alterPublication(detail: AlterObject, operation: OtherOperation, context: StrategyContext): Phased {
  const [change = ""] = detail.changes;
  const adds = change === "ADD";
  const tables = detail.reads.map(quoteRelation).join(", ");
  const take = `ALTER PUBLICATION ${quote(detail.name?.name ?? "")} DROP TABLE ${tables}`;
  const undo = adds && detail.reads.length > 0 ? [take] : [];
  const made = stepOf(operation, context, {
    name: "alter-publication",
    sql: [context.statement],
    undo,
    ...(adds ? {} : ({ phase: "contract", stage: "swap" } as const)),
    reason: adds ? "Nobody has subscribed to it yet." : "Subscribers get no more of what is taken out.",
  });
  const left = "A rollback leaves the publication as this statement makes it.";
  return { steps: [made], retires: [], gates: [], notes: [], ...(undo.length > 0 ? {} : { leaves: [left] }) };
}
