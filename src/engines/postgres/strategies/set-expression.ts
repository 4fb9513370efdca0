import type { SetExpression } from "../../../model/detail/column.js";
import { show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import { type Phased, Refusal, type StrategyContext } from "../../engine.js";
import { SWAP } from "../../place.js";
import { notYet } from "../../strategies.js";
import { sizeOf } from "../../table-size.js";
import { postgresEffects } from "../effects/index.js";
import { quote } from "../names.js";
import { alter, claimsOn } from "./constraint/steps.js";
import { onNewTable } from "./on-new-table.js";
import { columnOf } from "./subject.js";
import { wholeTable } from "./tables.js";
import { stepOf } from "./written.js";

/** SET EXPRESSION: of a virtual column a change of the catalog, of a stored one the whole table anew. @throws Refusal */
export function setExpression(detail: SetExpression, operation: OtherOperation, context: StrategyContext): Phased {
  if (operation.relation === null) return notYet(detail, operation);
  const table = wholeTable(operation, operation.relation, context);
  const column = columnOf(table, detail.column);
  const where = `${show(table.relation)}.${column.name}`;
  const effect = postgresEffects(operation, context);
  if (effect.fails !== null && !column.notNull)
    throw new Refusal(`The server refuses this: ${effect.fails}.`, "Add a new column with the expression instead.");
  const clause = (expression: string) => [
    alter(table, `ALTER COLUMN ${quote(column.name)} SET EXPRESSION AS (${expression})`),
  ];
  const given = {
    name: "set-expression",
    sql: clause(detail.expression),
    undo: clause(column.generated?.expression ?? "NULL"),
  };
  if (context.newTable) return onNewTable(operation, context, given);
  if (effect.rewrite || effect.scan)
    throw new Refusal(
      `${effect.rewrite ? "Every row is written anew" : "Every row is read"} while reads and writes of ${show(table.relation)} wait (${sizeOf(table)}).`,
      `Add another generated column with the new expression (virtual, on 18), or a plain one with \`-- zmigrate:fill\` and a trigger of yours; let code read that, and drop ${column.name} in a later migration.`,
    );
  const reason = `${where} is virtual: only the catalog changes, and every reader gets the new values at once.`;
  return {
    steps: [stepOf(operation, context, { ...given, ...SWAP, reason })],
    retires: [],
    claims: claimsOn(table.relation, [column.name], `changes the expression of ${column.name}`),
    gates: [],
    notes: [],
  };
}
