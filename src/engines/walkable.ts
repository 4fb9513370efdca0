import type { Index, Table } from "../model/catalog.js";

/** A primary key, or a whole unique index over columns that are NOT NULL, orders every row of a table. */
export function hasKey(table: Table): boolean {
  const present = new Set(table.columns.filter((c) => c.notNull).map((c) => c.name));
  const whole = (i: Index) => i.unique && i.valid && i.columns.length > 0 && i.columns.every((c) => present.has(c));
  const primary = table.constraints.find((c) => c.kind === "primary-key");
  const carrier = table.indexes.find((i) => i.constraint !== null && i.constraint === primary?.name);
  if (primary !== undefined && carrier?.walkable !== false) return true;
  return table.indexes.some((i) => i.walkable ?? whole(i));
}
