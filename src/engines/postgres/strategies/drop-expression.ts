import type { ColumnChange } from "../../../model/detail/column.js";
import { show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import { type Phased, Refusal, type StrategyContext } from "../../engine.js";
import { DROP } from "../../place.js";
import { notYet } from "../../strategies.js";
import { quote } from "../names.js";
import { alter, claimsOn } from "./constraint/steps.js";
import { onNewTable } from "./on-new-table.js";
import { columnOf } from "./subject.js";
import { wholeTable } from "./tables.js";
import { nothing, stepOf } from "./written.js";

/** DROP EXPRESSION: the column keeps its values, and nothing computes new ones. @throws Refusal */
export function dropExpression(detail: ColumnChange, operation: OtherOperation, context: StrategyContext): Phased {
  if (operation.relation === null) return notYet(detail, operation);
  const table = wholeTable(operation, operation.relation, context);
  const column = columnOf(table, detail.column);
  const where = `${show(table.relation)}.${column.name}`;
  if (column.generated === null && detail.ifExists) return nothing(`${where} is not generated.`);
  if (column.generated === null)
    throw new Refusal(`${where} is not generated.`, "Leave this statement out, or write IF EXISTS.");
  if (column.generated.kind === "virtual")
    throw new Refusal(
      `${where} is virtual and has no values to keep: the server refuses this.`,
      "Add a plain column, fill it and drop this one in a later migration.",
    );
  const sql = [alter(table, `ALTER COLUMN ${quote(column.name)} DROP EXPRESSION`)];
  if (context.newTable) {
    const made = onNewTable(operation, context, { name: "drop-expression", sql, undo: [] });
    return { ...made, steps: made.steps.map((s) => ({ ...s, final: true })) };
  }
  const step = stepOf(operation, context, {
    name: "drop-expression",
    ...DROP,
    final: true,
    sql,
    reason: `From here on code has to write ${column.name}; until old code is gone it is computed. No statement makes a column generated again without writing the table anew.`,
  });
  return {
    steps: [step],
    retires: [],
    claims: claimsOn(table.relation, [column.name], `stops computing ${column.name}`),
    gates: [],
    notes: [
      `Until the drop, an INSERT that gives ${column.name} a value fails: new code must not write it before that.`,
    ],
  };
}
