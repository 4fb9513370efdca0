import type { Table } from "../../../model/catalog.js";
import { shown } from "./relations.js";

/** PostgreSQL takes the same lock on every partition; the catalog does not list them. */
export function partitionNote(table: Table | null): string[] {
  if (table === null || !table.partitioned) return [];
  return [`${shown(table.relation)} is partitioned: every partition is locked in the same way`];
}

/** Without the catalog no function body was looked at. */
export function unknownFunctions(table: Table | null, column: string): string[] {
  return table === null ? [`functions and views may name ${column}: the table is not known`] : [];
}
