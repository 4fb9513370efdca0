import type { ColumnChange } from "../../../model/detail/column.js";
import { show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import type { Phased, StrategyContext } from "../../engine.js";
import { EXPAND, SWAP } from "../../place.js";
import { notYet } from "../../strategies.js";
import { quote } from "../names.js";
import { alter, claimsOn, type Subject } from "./constraint/steps.js";
import { becomeIdentity } from "./identity.js";
import { beside } from "./in-file.js";
import { onNewTable } from "./on-new-table.js";
import { addedColumns } from "./place.js";
import { defaultAgain } from "./set-default.js";
import { columnOf } from "./subject.js";
import { wholeTable } from "./tables.js";
import { goesWithType } from "./type-change/beside.js";
import { nothing, stepOf } from "./written.js";

/** DROP DEFAULT: old code that leaves the column out relies on it, so it goes with the contract. @throws Refusal */
export function dropDefault(detail: ColumnChange, operation: OtherOperation, context: StrategyContext): Phased {
  if (operation.relation === null) return notYet(detail, operation);
  const table = wholeTable(operation, operation.relation, context);
  const s: Subject = { operation, context, table };
  const column = columnOf(table, detail.column);
  if (goesWithType(s, column.name)) return nothing(`The default of ${column.name} goes together with its type.`);
  const later = beside(s, column.name, ["set-default"]);
  if (later !== null && later.span.start > operation.span.start && !context.newTable)
    return nothing(`${column.name} gets another default in the same file.`);
  const identity = context.newTable ? null : beside(s, column.name, ["add-identity"])?.detail;
  if (identity?.kind === "add-identity") return becomeIdentity(s, column, identity);
  if (column.default === null) return nothing(`${show(table.relation)}.${column.name} has no default.`);
  const sql = [alter(table, `ALTER COLUMN ${quote(column.name)} DROP DEFAULT`)];
  const undo = [alter(table, defaultAgain(column))];
  if (context.newTable) return onNewTable(operation, context, { name: "drop-default", sql, undo });
  const added = addedColumns(table, context).has(column.name);
  const without = column.notNull ? "fails" : "writes NULL";
  const reason = added
    ? `${column.name} is new: its default has given the rows that are there their value, and is not needed any more.`
    : `An INSERT that leaves ${column.name} out ${without} from now on; old code may rely on ${column.default}.`;
  const place = added && !column.notNull ? EXPAND : SWAP;
  const steps = [stepOf(operation, s.context, { name: "drop-default", ...place, sql, undo, reason })];
  const claims = claimsOn(table.relation, [column.name], `drops the default of ${column.name}`);
  return { steps, retires: [], claims, gates: [], notes: [] };
}
