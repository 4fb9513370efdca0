import type { Catalog } from "../model/catalog.js";
import { lookUpType } from "./table-lookup.js";

/** The values of the enum that a type is, where files have made it; else null (PostgreSQL). */
export function enumValues(type: string, catalog: Catalog): readonly string[] | null {
  const name = /^(?:(\w+)\.)?(\w+)$/.exec(type.trim());
  if (name === null) return null;
  return lookUpType(catalog, { schema: name[1] ?? null, name: name[2] ?? "" })?.values ?? null;
}
