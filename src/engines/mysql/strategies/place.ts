import type { Table } from "../../../model/catalog.js";
import type { ColumnDefinition } from "../../../model/operation.js";
import type { Step } from "../../../model/step.js";
import { sameRelation } from "../../engine.js";
import type { MysqlContext } from "./algorithms.js";

/** Where in the three phases a step stands. */
export type Place = Pick<Step, "phase" | "stage">;

export const EXPAND: Place = Object.freeze({ phase: "expand", stage: null });
export const BACKFILL: Place = Object.freeze({ phase: "backfill", stage: null });
export const SWAP: Place = Object.freeze({ phase: "contract", stage: "swap" });
export const DROP: Place = Object.freeze({ phase: "contract", stage: "drop" });

/** The columns that this file adds to a table, by their names in lower case: running code neither reads nor writes them. */
export function addedColumns(table: Table, { file, catalog }: MysqlContext): ReadonlyMap<string, ColumnDefinition> {
  const own = file.flatMap(({ operation }) =>
    operation.kind === "add-column" && sameRelation(operation.relation, table.relation, catalog.defaultSchema)
      ? [operation.column]
      : [],
  );
  return new Map(own.map((column) => [column.name.toLowerCase(), column]));
}

const isNull = (text: string): boolean => /^null$/i.test(text.trim());

/** What a row gets in a column that an INSERT leaves out, as running code does with one that is new. */
export function leftOut(column: ColumnDefinition): "null" | "constant" | "varies" {
  if (column.autoIncrement) return "varies";
  const empty = column.default === null || isNull(column.default);
  return empty && !column.notNull && column.generated === null ? "null" : "constant";
}
