import type { Catalog } from "../model/catalog.js";
import type { Code } from "../model/detail/code.js";
import type { RelationName } from "../model/name.js";
import { knownRoutines } from "./table-lookup.js";

/** A routine that calls others, and they others still, is followed as far as this. */
export const DEEPEST_CALL = 4;

/** What the routines of a name do, as files made them; null where any of it is not known. */
export function calledCode(catalog: Catalog, name: RelationName): readonly Code[] | null {
  const routines = knownRoutines(catalog, name) ?? [];
  const codes = routines.flatMap(({ code }) => (code === undefined || code.unknown.length > 0 ? [] : [code]));
  return routines.length > 0 && codes.length === routines.length ? codes : null;
}
