import type { Catalog, Table } from "../../../model/catalog.js";
import { show } from "../../../model/name.js";

/** PostgreSQL takes the same lock on every partition; where the catalog does not list them, that is said. */
export function partitionNote(table: Table | null): string[] {
  if (table === null || !table.partitioned || table.partitions !== undefined) return [];
  return [`${show(table.relation)} is partitioned: every partition is locked in the same way`];
}

/** Files do not tell what the bodies of views and functions name; only a database does. */
export function unknownDependents(catalog: Catalog, table: Table | null, column: string): string[] {
  if (table !== null && catalog.source !== "files") return [];
  const why = table === null ? "the table is not known" : "files do not tell";
  return [`views and functions may name ${column}: ${why}`];
}
