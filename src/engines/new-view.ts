import type { Catalog } from "../model/catalog.js";
import type { CreateObject } from "../model/detail/object.js";
import { findTable } from "./engine.js";
import { isWhole, knownView } from "./table-lookup.js";

/**
 * Whether CREATE OR REPLACE VIEW makes a view that nobody has: the files tell what there is, made all that it reads, and nothing
 * of its name. What reads something else, or nothing, shows that the files may not tell all.
 */
export function isNewView({ object, name, reads }: CreateObject, catalog: Catalog): boolean {
  if (object !== "view" || name === null || catalog.source !== "files" || !isWhole(catalog)) return false;
  const isKnown = (relation: typeof name) =>
    findTable(catalog, relation) !== null || knownView(catalog, relation) !== null;
  return reads.length > 0 && reads.every(isKnown) && !isKnown(name);
}
