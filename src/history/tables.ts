import type { Catalog, Dependent, Table } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";
import { appended } from "./growing.js";
import { keyOf } from "./key-of.js";
import { catalogOf, type Known, knownOf, nothingKnown } from "./known.js";
import { putTable, tableIn, targetsOf, withoutTable } from "./known-tables.js";
import { set } from "./persistent-map.js";
import { withUnsureTriggers } from "./triggers-elsewhere.js";

/** The catalog after a change of what is known; the same catalog when nothing changed. */
export function changed(catalog: Catalog, change: (known: Known) => Known): Catalog {
  const before = knownOf(catalog);
  const after = change(before);
  return after === before ? catalog : catalogOf(after);
}

/** Whether two names mean the same table. */
export function sameTable(known: Pick<Known, "defaultSchema">, a: RelationName, b: RelationName): boolean {
  return keyOf(known, a) === keyOf(known, b);
}

/** With one table changed; as it was when the table is not known. */
export function changeTable(known: Known, relation: RelationName, change: (table: Table) => Table): Known {
  const table = tableIn(known, relation);
  if (table === null) return known;
  const after = change(table);
  return after === table ? known : putTable(known, after);
}

/** Without a table that is gone. What it pointed at is not pointed at any more, nor cut into it. */
export function removeTable(known: Known, relation: RelationName): Known {
  const left = targetsOf(known, relation).reduce((k, target) => unpoint(k, target, relation), known);
  return withoutTable(left, relation);
}

function unpoint(known: Known, target: Table, relation: RelationName): Known {
  const other = (r: { readonly relation: RelationName }) => !sameTable(known, r.relation, relation);
  const referencedBy = target.referencedBy.filter(other);
  const partitions = target.partitions?.filter(other);
  const same = referencedBy.length === target.referencedBy.length && partitions?.length === target.partitions?.length;
  return same
    ? known
    : putTable(known, { ...target, referencedBy, ...(partitions === undefined ? {} : { partitions }) });
}

/** A table may be there in any shape. Who points at whom is kept: it is the worse case; its foreign keys go with their columns. */
export function forgetTable(known: Known, relation: RelationName): Known {
  const table = tableIn(known, relation);
  const keys = table?.constraints.filter(({ kind }) => kind === "foreign-key") ?? [];
  const noted = withUnsureTriggers(known, relation, table?.dependents ?? []);
  const left = withoutTable(noted, relation);
  if (left === noted) return noted;
  const unseen = keys.length === 0 ? left.unseen : set(left.unseen, keyOf(known, relation), Object.freeze(keys));
  return { ...left, complete: false, unseen };
}

/** Nothing is certain any more. */
export function forgetAll(known: Known): Known {
  return nothingKnown(known);
}

/** Some table that is not listed may be there. */
export function incomplete(known: Known): Known {
  return known.complete ? { ...known, complete: false } : known;
}

/** With something that names the table, in the place of what has its name. */
export function withDependent(known: Known, table: Table, dependent: Dependent): Table {
  const same = (d: Dependent) => d.kind === dependent.kind && d.name === dependent.name;
  const others = table.dependents.some(same) ? table.dependents.filter((d) => !same(d)) : table.dependents;
  return { ...table, dependents: appended(known, others, [Object.freeze(dependent)]) };
}
