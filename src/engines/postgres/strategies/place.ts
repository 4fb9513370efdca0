import type { Table } from "../../../model/catalog.js";
import type { ColumnDefinition } from "../../../model/operation.js";
import type { StrategyContext } from "../../engine.js";
import { columnsOfFile } from "../../place.js";
import { functionsIn } from "../parse/columns.js";

/** The columns that this file adds to a table: running code neither reads nor writes them. */
export function addedColumns(table: Table, context: StrategyContext): ReadonlyMap<string, ColumnDefinition> {
  return new Map(columnsOfFile(table, context).map((column) => [column.name, column]));
}

/** What a row gets in a column that an INSERT leaves out, as running code does with one that is new. */
export function leftOut(column: ColumnDefinition): "null" | "constant" | "varies" {
  if (column.autoIncrement || column.identity !== null) return "varies";
  if (column.default === null || /^null\b/i.test(column.default)) return "null";
  return functionsIn(column.default).length > 0 ? "varies" : "constant";
}
