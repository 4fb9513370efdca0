import type { Constraint, Table } from "../../../../model/catalog.js";
import type { StrategyContext } from "../../../engine.js";
import { noConstraint } from "../../../not-found.js";

/** The constraint that a change names. @throws Refusal when it is not known */
export function constraintOf(table: Table, name: string, context: StrategyContext): Constraint {
  const found = table.constraints.find((c) => c.name === name);
  if (found !== undefined) return found;
  throw noConstraint(table, name, context);
}
