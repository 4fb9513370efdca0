import { findTable } from "../engines/engine.js";
import type { Catalog, InboundReference } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";
import type { Made } from "./definitions.js";
import { changeTable } from "./tables.js";

/** Notes foreign keys at the tables that they point at. Without a column list they point at the primary key. */
export function noteReferences(catalog: Catalog, relation: RelationName, made: readonly Made[]): Catalog {
  return made.reduce((noted, { constraint, target }) => {
    if (target === null) return noted;
    const key = findTable(noted, target.relation)?.constraints.find((c) => c.kind === "primary-key")?.columns;
    const columns = target.columns.length > 0 ? target.columns : (key ?? []);
    const inbound: InboundReference = Object.freeze({ relation, constraint: constraint.name, columns });
    return changeTable(noted, target.relation, (t) => ({ ...t, referencedBy: [...t.referencedBy, inbound] }));
  }, catalog);
}
