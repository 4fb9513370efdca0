import type { Catalog, Table } from "../model/catalog.js";
import type { Switch } from "../model/detail/table.js";
import { isToldByFiles } from "./table-lookup.js";

/**
 * Whether files show that ENABLE or DISABLE changes nothing (PostgreSQL): the last of them did the same, or has made the table, whose
 * row security is off then. Triggers that none of them has switched, and foreign keys, which no name is for, are not told.
 *
 * @param table null where it is not known
 */
export function isSwitchedAlready(
  { what, enabled, name, firing, userOnly }: Switch,
  table: Table | null,
  catalog: Catalog,
): boolean {
  if (what === "row-security") return rowSecurityOf(table, catalog) === enabled;
  if (what === "force-row-security") return table?.forcedRowSecurity === enabled;
  if (what !== "trigger" || (enabled && firing !== "replica") || (name === null && userOnly !== true)) return false;
  const all = table?.dependents.filter((d) => d.kind === "trigger" && (name === null || d.name === name)) ?? [];
  return all.length > 0 && all.every(({ off }) => off === true);
}

/** Whether row security of a table is on; undefined where files do not tell. */
function rowSecurityOf(table: Table | null, catalog: Catalog): boolean | undefined {
  if (table === null || table.rowSecurity !== undefined) return table?.rowSecurity;
  return isToldByFiles(catalog, table.relation) ? false : undefined;
}
