import { findTable, sameRelation } from "../engines/engine.js";
import type { Catalog } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";

/** A table with its partitions and children, whose columns change together. */
export function withParts(relation: RelationName, catalog: Catalog): readonly RelationName[] {
  const found = [relation];
  for (const each of found) found.push(...(findTable(catalog, each)?.partitions ?? []).map((part) => part.relation));
  return found;
}

/** Whether two names mean one table, or a table and a part of it. */
export function isSameFamily(a: RelationName, b: RelationName, catalog: Catalog): boolean {
  const has = (whole: RelationName, part: RelationName) =>
    withParts(whole, catalog).some((r) => sameRelation(r, part, catalog.defaultSchema));
  return has(a, b) || has(b, a);
}
