import type { Column } from "../../../model/catalog.js";
import type { ColumnChange } from "../../../model/detail/column.js";
import { show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import { type Phased, Refusal, type StrategyContext } from "../../engine.js";
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

/**
 * The identity column's own sequence would be given the name that the dropped one makes free, which is parked only later.
 *
 * @throws Refusal
 */
function refuseFreedName({ operation, context }: Subject, column: Column, becomes: OtherOperation): void {
  const between = context.file.find(
    ({ operation: o }) =>
      o.kind === "other" &&
      o.detail?.kind === "drop-object" &&
      o.detail.object === "sequence" &&
      o.span.start > operation.span.start &&
      o.span.start < becomes.span.start,
  );
  if (between === undefined) return;
  throw new Refusal(
    `${column.name} becomes an identity column in one moment with DROP DEFAULT, and the sequence that is dropped between the two keeps its name until then: the new one would get another name than this file gives it.`,
    `Put DROP SEQUENCE behind ADD GENERATED ... AS IDENTITY, or into a later migration.`,
  );
}

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
  const becomes = context.newTable ? null : beside(s, column.name, ["add-identity"]);
  if (becomes?.detail?.kind === "add-identity") {
    refuseFreedName(s, column, becomes);
    return becomeIdentity(s, column, becomes.detail);
  }
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
