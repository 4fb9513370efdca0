import type { Catalog } from "../model/catalog.js";
import { typeName, userType } from "./postgres/effects/type-names.js";

/** The values of the enum that a type is, where files have made it; else null (PostgreSQL). */
export function enumValues(type: string, catalog: Catalog): readonly string[] | null {
  const read = catalog.dialect === undefined ? typeName(type) : null;
  return read === null || read.array ? null : (userType(read, catalog)?.values ?? null);
}
