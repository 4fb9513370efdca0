import type { Column } from "../../../model/catalog.js";
import type { SetDefault } from "../../../model/detail/column.js";
import { show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import { type Phased, Refusal, type StrategyContext } from "../../engine.js";
import { EXPAND } from "../../place.js";
import { notYet } from "../../strategies.js";
import { quote } from "../names.js";
import { alter, claimsOn, type Subject } from "./constraint/steps.js";
import { beside, isBeforeType } from "./in-file.js";
import { onNewTable } from "./on-new-table.js";
import { addedColumns } from "./place.js";
import { columnOf } from "./subject.js";
import { wholeTable } from "./tables.js";
import { goesWithType } from "./type-change/beside.js";
import { nothing, stepOf } from "./written.js";

/** The statement that gives a column the default that it has now, or takes one away where it has none. */
export const defaultAgain = (column: Column): string =>
  `ALTER COLUMN ${quote(column.name)} ${column.default === null ? "DROP DEFAULT" : `SET DEFAULT ${column.default}`}`;

function refuseComputed(s: Subject, column: Column): void {
  if (column.generated === null && column.identity === null) return;
  const what = column.identity === null ? "is generated" : "is an identity column";
  throw new Refusal(
    `${show(s.table.relation)}.${column.name} ${what}: the server refuses a default for it.`,
    column.identity === null ? "Write SET EXPRESSION." : "Write DROP IDENTITY in front of it, in the same file.",
  );
}

/** What the column had before it would not be known any more, for a rollback. */
function refuseInFront(s: Subject, column: Column): void {
  const change = beside(s, column.name, ["alter-column-type"]);
  if (change !== null && !s.context.newTable && isBeforeType(s.operation, change, s.context))
    throw new Refusal(
      `${show(s.table.relation)}.${column.name} gets a default here and another type behind it.`,
      "Put SET DEFAULT behind the change of the type: both take effect together.",
    );
}

/** SET DEFAULT: rows keep their values, and an INSERT that leaves the column out gets the new one. @throws Refusal */
export function setDefault(detail: SetDefault, operation: OtherOperation, context: StrategyContext): Phased {
  if (operation.relation === null) return notYet(detail, operation);
  const table = wholeTable(operation, operation.relation, context);
  const s: Subject = { operation, context, table };
  const column = columnOf(table, detail.column);
  if (beside(s, column.name, ["drop-identity"]) !== null && !context.newTable)
    return nothing(`${column.name} gets its default together with DROP IDENTITY.`);
  refuseInFront(s, column);
  if (goesWithType(s, column.name)) return nothing(`${column.name} gets its default together with its type.`);
  refuseComputed(s, column);
  const sql = [alter(table, `ALTER COLUMN ${quote(column.name)} SET DEFAULT ${detail.default}`)];
  const undo = [alter(table, defaultAgain(column))];
  if (context.newTable) return onNewTable(operation, context, { name: "set-default", sql, undo });
  const reason = `Rows keep their values; an INSERT that leaves ${column.name} out gets ${detail.default} from now on.`;
  const steps = [stepOf(operation, context, { name: "set-default", ...EXPAND, sql, undo, reason })];
  const claims = claimsOn(table.relation, [column.name], `changes the default of ${column.name}`);
  const known = addedColumns(table, context).has(column.name);
  const before = column.default === null ? "NULL" : column.default;
  const notes = known
    ? []
    : [`Old code that leaves ${column.name} out gets ${detail.default} instead of ${before} from expand on.`];
  return { steps, retires: [], claims, gates: [], notes };
}
