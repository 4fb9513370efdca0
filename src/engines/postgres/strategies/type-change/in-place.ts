import type { Column, StoredObject, Table } from "../../../../model/catalog.js";
import type { AlterColumnType } from "../../../../model/detail/column.js";
import type { Effect } from "../../../../model/effect.js";
import { show } from "../../../../model/name.js";
import type { OtherOperation } from "../../../../model/operation.js";
import type { Phased, StrategyContext } from "../../../engine.js";
import { SWAP } from "../../../place.js";
import { typeChange } from "../../effects/type-change.js";
import { quote } from "../../names.js";
import { alter } from "../constraint/steps.js";
import { stepOf } from "../written.js";
import { defaultAfter } from "./default.js";
import { betweenViews, locksOn, viewsOver } from "./under-views.js";

/** Only the catalog changes: nothing is written, built or checked while others wait. */
export const isBrief = (effect: Effect): boolean => !effect.rewrite && effect.locks.every((l) => l.held === "brief");

const typeClause = (column: string, type: string, collation: string | null, using: string | null): string =>
  `ALTER COLUMN ${quote(column)} TYPE ${type}${collation === null ? "" : ` COLLATE ${collation}`}${using === null ? "" : ` USING ${using}`}`;

/** The change as the file says it. */
export const asWrittenClause = ({ column, type, collation, using }: AlterColumnType): string =>
  typeClause(column, type, collation === null ? null : quote(collation), using);

function undoOf(detail: AlterColumnType, table: Table, column: Column, context: StrategyContext): string[] {
  const back = typeChange(detail.type, column.type, column.name, null, context);
  if (back.rewrite || back.impossible || !back.indexesKept) return [];
  return [alter(table, typeClause(column.name, column.type, column.collation, null))];
}

/** What the file says of the default beside a change that needs no phases. */
function defaultSteps(
  operation: OtherOperation,
  context: StrategyContext,
  table: Table,
  column: Column,
  value: string | null,
) {
  if (value === column.default) return [];
  const clause = (v: string | null) =>
    alter(table, `ALTER COLUMN ${quote(column.name)} ${v === null ? "DROP DEFAULT" : `SET DEFAULT ${v}`}`);
  return [
    stepOf(operation, context, {
      name: "default",
      ...(value === null ? SWAP : {}),
      sql: [clause(value)],
      undo: [clause(column.default)],
      reason:
        value === null
          ? "Old code may rely on the default, so it goes with the contract."
          : "Rows keep their values; new ones get this default.",
    }),
  ];
}

function remade(views: readonly StoredObject[]): string {
  if (views.length === 0) return "";
  const names = views.map((v) => show(v.name)).join(", ");
  return ` In the same transaction ${names} is made again as it was, with owner, rights and comments, since the server refuses the change under a view: nobody sees it missing.`;
}

/** The change as it is written. @throws Refusal while something holds the column */
export function inPlace(
  detail: AlterColumnType,
  operation: OtherOperation,
  context: StrategyContext,
  table: Table,
  column: Column,
): Phased {
  const views = viewsOver(table, column, operation, context);
  const value = defaultAfter(column, detail, { operation, context, table });
  // By then others may have built on the views.
  const undo = views.length > 0 ? [] : undoOf(detail, table, column, context);
  const written = stepOf(operation, context, {
    name: "alter-type",
    sql: betweenViews(views, alter(table, asWrittenClause(detail))),
    undo,
    reason: `Only the catalog changes: every value is one of the new type as it is stored.${remade(views)}`,
  });
  const change = { ...written, locks: [...written.locks, ...locksOn(views)] };
  const left = `A rollback leaves ${show(table.relation)}.${column.name} as ${detail.type}: ${views.length > 0 ? "going back would take views away that others may have built on" : `going back to ${column.type} would write or check the whole table`}.`;
  return {
    steps: [change, ...defaultSteps(operation, context, table, column, value)],
    retires: [],
    gates: [],
    notes: [],
    ...(undo.length > 0 ? {} : { leaves: [left] }),
  };
}
