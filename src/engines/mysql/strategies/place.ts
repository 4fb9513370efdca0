import type { Table } from "../../../model/catalog.js";
import type { ColumnDefinition } from "../../../model/operation.js";
import { columnsOfFile } from "../../place.js";
import type { MysqlContext } from "./algorithms.js";

/** The columns that this file adds to a table, by their names in lower case: running code neither reads nor writes them. */
export function addedColumns(table: Table, context: MysqlContext): ReadonlyMap<string, ColumnDefinition> {
  return new Map(columnsOfFile(table, context).map((column) => [column.name.toLowerCase(), column]));
}

const isNull = (text: string): boolean => /^null$/i.test(text.trim());

/** What a row gets in a column that an INSERT leaves out, as running code does with one that is new. */
export function leftOut(column: ColumnDefinition): "null" | "constant" | "varies" {
  if (column.autoIncrement) return "varies";
  const empty = column.default === null || isNull(column.default);
  return empty && !column.notNull && column.generated === null ? "null" : "constant";
}
