import type { Table } from "../../model/catalog.js";
import type { DataChange } from "../../model/detail/data.js";
import { show } from "../../model/name.js";
import type { Obstacle } from "./obstacle.js";

const sameName = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** The keys that a table's rows may be walked by, the primary key first. */
function keysOf(table: Table): (readonly string[])[] {
  const present = new Set(table.columns.filter((c) => c.notNull).map((c) => c.name));
  const primary = table.constraints.filter((c) => c.kind === "primary-key").map((c) => c.columns);
  const unique = table.indexes.filter(
    (i) => i.walkable ?? (i.unique && i.valid && i.columns.every((c) => present.has(c))),
  );
  return [...primary, ...unique.map((i) => i.columns)];
}

/** A column whose value changes with the statement: it is written, or computed from others. */
export const moves = (table: Table, written: readonly string[]) => (column: string) =>
  written.some((w) => sameName(w, column)) ||
  table.columns.some((c) => sameName(c.name, column) && c.generated !== null);

/**
 * The key to walk by: the author's, else any where none is written, else the first that is not written. A row whose key
 * changes on the way is met twice, or not at all.
 */
export function walkKey(
  table: Table,
  written: readonly string[],
  asked: string | null,
): { readonly key: readonly string[] | null } | Obstacle {
  const moving = moves(table, written);
  if (asked !== null && !moving(asked)) return { key: [asked] };
  const keys = asked === null ? keysOf(table) : [[asked]];
  if (written.length === 0 || !keys.some((k) => k.some(moving))) return { key: asked === null ? null : [asked] };
  const still = keys.find((k) => !k.some(moving));
  if (still !== undefined) return { key: still };
  const changing = keys.flat().find(moving);
  return [
    `it writes ${changing ?? "the key"}, which is of the key that ${show(table.relation)} is walked by: a row whose key changes is met twice, or not at all`,
    "Name another unique key over NOT NULL columns with `-- zmigrate:batch key=...`, or give the rows a new key column.",
  ];
}

/** The rows that an INSERT makes have a unique key of their own out of what is read, so that none comes in twice. */
export function carriesKey({ columns }: DataChange, into: Table | null): boolean {
  if (into === null) return false;
  const given = columns.length === 0 ? into.columns.map((c) => c.name) : columns;
  const unique = [
    ...into.constraints.filter((c) => c.kind === "primary-key" || c.kind === "unique").map((c) => c.columns),
    ...into.indexes.filter((i) => i.unique).map((i) => i.columns),
  ];
  return unique.some((key) => key.length > 0 && key.every((c) => given.some((g) => sameName(g, c))));
}
