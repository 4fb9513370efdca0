import type { Catalog } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import { sameRelation } from "./engine.js";
import type { KnownView } from "./known-view.js";
import { knownView } from "./table-lookup.js";

/** `RENAME TABLE v TO old, new TO v`: the view that takes the name of another one in the same statement (MySQL, MariaDB); else null. */
export function viewTaking(view: RelationName, siblings: readonly Operation[], catalog: Catalog): KnownView | null {
  if (knownView(catalog, view) === null) return null;
  const taking = siblings.map((one) => {
    const to = one.kind === "other" && one.detail?.kind === "rename-table" ? one.detail.to : null;
    const takes = to !== null && one.relation !== null && sameRelation(to, view, catalog.defaultSchema);
    return takes && one.relation !== null ? knownView(catalog, one.relation) : null;
  });
  return taking.find((one) => one !== null) ?? null;
}
