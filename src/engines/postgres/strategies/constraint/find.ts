import type { Constraint, Table } from "../../../../model/catalog.js";
import { Refusal, type StrategyContext } from "../../../engine.js";
import { show } from "../subject.js";

/** The constraint that a change names. @throws Refusal when it is not known */
export function constraintOf(table: Table, name: string, { catalog }: StrategyContext): Constraint {
  const found = table.constraints.find((c) => c.name === name);
  if (found !== undefined) return found;
  const where = show(table.relation);
  if (catalog.complete)
    throw new Refusal(
      `${where} has no constraint ${name}.`,
      `It has ${table.constraints.map((c) => c.name).join(", ") || "none"}.`,
    );
  throw new Refusal(
    `What the constraint ${name} of ${where} is, is not known from the migration files.`,
    "Give `--database-url`, so that the plan can be made from the real schema.",
  );
}
