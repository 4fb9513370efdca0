import { findTable } from "../engines/engine.js";
import type { Catalog } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";

/** A table with its partitions and children, whose columns change together. */
export function withParts(relation: RelationName, catalog: Catalog): readonly RelationName[] {
  const found = [relation];
  for (const each of found) found.push(...(findTable(catalog, each)?.partitions ?? []).map((part) => part.relation));
  return found;
}
