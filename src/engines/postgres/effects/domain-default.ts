import type { Catalog, UserType } from "../../../model/catalog.js";
import type { ColumnDefinition } from "../../../model/operation.js";
import { isBase, typeName, userType } from "./type-names.js";

/**
 * What a column without a default of its own gets: the default of the domain that it is of. Null for none, or where it is not
 * known; `isFounded` tells. MySQL and MariaDB have no domains.
 */
export function domainDefault(type: string, catalog: Catalog): string | null {
  if (catalog.dialect !== undefined) return null;
  const read = typeName(type);
  const known = read === null || read.array ? null : userType(read, catalog);
  return known?.default ?? null;
}

/** A column's default: its own, or its domain's. What is computed or counted takes neither. */
export function defaultOf(column: ColumnDefinition, catalog: Catalog): string | null {
  const counted = column.autoIncrement || column.identity !== null || column.generated !== null;
  return counted ? column.default : (column.default ?? domainDefault(column.type, catalog));
}

/** All that a domain is over is known: what no file makes may bring constraints and a default of its own. */
export function isFounded({ base, domain }: UserType, catalog: Catalog): boolean {
  if (base === null || domain !== undefined) return true;
  const read = typeName(base);
  if (read === null) return false;
  if (read.array || isBase(read, catalog)) return true;
  const under = userType(read, catalog);
  return under !== null && isFounded(under, catalog);
}
