import type { Column, Constraint, Table } from "../../../model/catalog.js";
import { findTable, type StrategyContext } from "../../engine.js";

/**
 * The primary key over a column that an earlier statement of the file drops: it is there until the swap, and until then the
 * server keeps the column NOT NULL. Null where there is none.
 */
export function keyUntilSwap(table: Table, column: Column, { beforeFile }: StrategyContext): Constraint | null {
  const former = beforeFile === undefined ? null : findTable(beforeFile, table.relation);
  const key = former?.constraints.find((c) => c.kind === "primary-key" && c.columns.includes(column.name));
  return key ?? null;
}
