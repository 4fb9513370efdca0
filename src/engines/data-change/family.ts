import type { Catalog } from "../../model/catalog.js";
import type { RelationName } from "../../model/name.js";
import { findTable } from "../engine.js";
import { mayBeSame } from "./stored.js";

const childrenOf = (relation: RelationName, catalog: Catalog): readonly RelationName[] =>
  (findTable(catalog, relation)?.partitions ?? []).map((child) => child.relation);

const parentsOf = (relation: RelationName, catalog: Catalog): readonly RelationName[] =>
  catalog.tables
    .filter(({ partitions = [] }) => partitions.some((child) => mayBeSame(child.relation, relation, catalog)))
    .map((parent) => parent.relation);

/** All that is reached by steps, without what it begins with. */
function reached(
  from: RelationName,
  next: (relation: RelationName, catalog: Catalog) => readonly RelationName[],
  catalog: Catalog,
): readonly RelationName[] {
  const found: RelationName[] = [];
  const more = [...next(from, catalog)];
  for (const one of more) {
    if (found.some((other) => mayBeSame(one, other, catalog))) continue;
    found.push(one);
    more.push(...next(one, catalog));
  }
  return found;
}

/** The tables that a table is a partition or child of, and theirs. */
export const aboveTable = (relation: RelationName, catalog: Catalog): readonly RelationName[] =>
  reached(relation, parentsOf, catalog);

/** The tables that have rows of a table: its partitions and children with theirs, and all that it is one of. */
export const familyOf = (relation: RelationName, catalog: Catalog): readonly RelationName[] => [
  ...aboveTable(relation, catalog),
  ...reached(relation, childrenOf, catalog),
];

/** Whether a name is that of a table, or of one that has rows of it. */
export const hasRowsOf = (relation: RelationName, of: RelationName, catalog: Catalog): boolean =>
  mayBeSame(relation, of, catalog) || familyOf(of, catalog).some((one) => mayBeSame(relation, one, catalog));
