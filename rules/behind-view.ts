import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Renamed = Pick<RuleContext, "operation" | "inTransaction" | "next" | "engine">;

/** A table is renamed, and in the same transaction a view takes its name: old code reads and writes through it. */
export function isBehindView({ operation, inTransaction, next, engine }: Renamed): boolean {
  const to = detailOf(operation, "rename-table")?.to.name;
  if (to === undefined || engine.name !== "postgres" || !inTransaction) return false;
  return next.some((after) => {
    const view = detailOf(after, "create-object");
    if (view?.object !== "view" || after.relation === null) return false;
    const { name, schema } = after.relation;
    const takes = name === operation.relation?.name && schema === operation.relation.schema;
    return takes && view.columns?.includes("*") === true && view.reads.some((read) => read.name === to);
  });
}
