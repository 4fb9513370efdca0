import type { InboundReference, Table } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";
import type { Made } from "./definitions.js";
import { appended } from "./growing.js";
import type { Known } from "./known.js";
import { noteTarget, putTable, tableIn, targetsOf } from "./known-tables.js";
import { changeTable, sameTable } from "./tables.js";

/** Notes foreign keys at the tables that they point at. Without a column list they point at the primary key. */
export function noteReferences(known: Known, relation: RelationName, made: readonly Made[]): Known {
  return made.reduce((noted, { constraint, target }) => {
    if (target === null) return noted;
    const key = tableIn(noted, target.relation)?.constraints.find((c) => c.kind === "primary-key")?.columns;
    const columns = target.columns.length > 0 ? target.columns : (key ?? []);
    const inbound: InboundReference = Object.freeze({ relation, constraint: constraint.name, columns });
    const pointed = changeTable(noted, target.relation, (t) => ({
      ...t,
      referencedBy: appended(noted, t.referencedBy, [inbound]),
    }));
    return noteTarget(pointed, relation, target.relation);
  }, known);
}

/** The foreign keys of these names are a table's no more: what they pointed at says so. */
export function dropOutbound(known: Known, relation: RelationName, names: ReadonlySet<string>): Known {
  if (names.size === 0) return known;
  const gone = (r: InboundReference) => names.has(r.constraint) && sameTable(known, r.relation, relation);
  return targetsOf(known, relation).reduce((k, target) => {
    const referencedBy = target.referencedBy.filter((r) => !gone(r));
    return referencedBy.length === target.referencedBy.length ? k : putTable(k, { ...target, referencedBy });
  }, known);
}

/** Foreign keys that pointed at a table are gone, from the tables that had them as well. */
export function dropInbound(known: Known, references: readonly InboundReference[]): Known {
  return references.reduce(
    (k, { relation, constraint }) =>
      changeTable(k, relation, (t) => ({ ...t, constraints: t.constraints.filter((c) => c.name !== constraint) })),
    known,
  );
}

/** Every table that a table points at, or that points at it, with a change of how it says so. */
export function changeNeighbours(known: Known, table: Table, change: (neighbour: Table) => Table): Known {
  const children = table.referencedBy.flatMap((r) => tableIn(known, r.relation) ?? []);
  const once = new Map([...children, ...targetsOf(known, table.relation)].map((t) => [t.relation, t.relation]));
  return [...once.keys()].reduce((k, relation) => changeTable(k, relation, change), known);
}
