import type { Constraint, Table, UserType } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";
import { keyOf } from "./key-of.js";
import type { Known } from "./known.js";
import { get, set, valuesOf, without } from "./persistent-map.js";

/** An index's key: it is in the schema of its table. */
function indexKey(known: Known, relation: RelationName, name: string): string {
  return keyOf(known, { schema: relation.schema, name });
}

/** The table, or null when it is not known. */
export function tableIn(known: Known, relation: RelationName): Table | null {
  return get(known.tables, keyOf(known, relation))?.table ?? null;
}

/**
 * A name without a schema, of something that is there, with the first schema of the path that has it. Where something was done of
 * which nothing is known, any of them may have it.
 */
export function found(known: Known, relation: RelationName): RelationName {
  if (known.otherSchemas.length === 0 || relation.schema !== null || known.forgot === true) return relation;
  if (get(known.temporary, relation.name) === true) return relation;
  const all = [known.defaultSchema, ...known.otherSchemas].map((schema) => ({ schema, name: relation.name }));
  const isThere = (one: RelationName) =>
    tableIn(known, one) !== null || get(known.views, keyOf(known, one)) !== undefined;
  return all.find(isThere) ?? relation;
}

/** The table that an index is of, where an index is named without it (PostgreSQL); those of MySQL's and MariaDB's tables may share their names. */
export function ownerOf(known: Known, index: RelationName): Table | null {
  if (known.dialect !== undefined) return null;
  const owner = get(known.owners, keyOf(known, index));
  return owner === undefined ? null : (get(known.tables, owner)?.table ?? null);
}

/** Neither server tells such names apart by case. */
export const constraintKey = (known: Known, kind: Constraint["kind"], { schema, name }: RelationName): string =>
  `${kind}\0${keyOf(known, { schema, name: name.toLowerCase() })}`;

/** The table that has a foreign key or CHECK of a name (MySQL, MariaDB); null where none is known to have it. */
export function ownerOfConstraint(known: Known, kind: Constraint["kind"], constraint: RelationName): Table | null {
  const owner = get(known.owners, constraintKey(known, kind, constraint));
  const name = constraint.name.toLowerCase();
  const isIt = (one: Constraint) => one.kind === kind && one.name.toLowerCase() === name;
  return tablesAt(known, owner === undefined ? [] : [owner]).find((table) => table.constraints.some(isIt)) ?? null;
}

/** The place of a table in the list. */
export const orderOf = (known: Known, relation: RelationName): number =>
  get(known.tables, keyOf(known, relation))?.order ?? known.nextOrder;

/** With a table as it is now; at its old place in the list when it was there, else at this one. */
export function putTable(known: Known, table: Table, place = known.nextOrder): Known {
  const key = keyOf(known, table.relation);
  const before = get(known.tables, key);
  const order = before?.order ?? place;
  const frozen = Object.freeze(table);
  return {
    ...known,
    tables: set(known.tables, key, { order, table: frozen }),
    nextOrder: Math.max(known.nextOrder, order + 1),
    owners: ownersAfter(known, before?.table ?? null, frozen),
  };
}

/** Without a table. Who points at whom is not touched. */
export function withoutTable(known: Known, relation: RelationName): Known {
  const before = tableIn(known, relation);
  if (before === null) return known;
  return {
    ...known,
    tables: without(known.tables, keyOf(known, relation)),
    owners: ownersAfter(known, before, null),
  };
}

/** Only of what changed: a table may get thousands of indexes, and lose them, one at a time. */
function ownersAfter(known: Known, before: Table | null, after: Table | null): Known["owners"] {
  const [old, now] = [before?.indexes ?? [], after?.indexes ?? []];
  if (old === now || known.dialect !== undefined) return known.owners;
  const { first, last } = sameEnds(old, now);
  const left = old
    .slice(first, old.length - last)
    .reduce((map, { name }) => without(map, indexKey(known, (before as Table).relation, name)), known.owners);
  return now.slice(first, now.length - last).reduce((map, { name }) => {
    const { relation } = after as Table;
    return set(map, indexKey(known, relation, name), keyOf(known, relation));
  }, left);
}

/** How many of two lists are the same at their beginnings, and at their ends. */
function sameEnds<T>(a: readonly T[], b: readonly T[]): { readonly first: number; readonly last: number } {
  const least = Math.min(a.length, b.length);
  let first = 0;
  while (first < least && a[first] === b[first]) first++;
  let last = 0;
  while (last < least - first && a[a.length - 1 - last] === b[b.length - 1 - last]) last++;
  return { first, last };
}

/** Notes that a foreign key of one table points at another, or that it is a partition of it. */
export function noteTarget(known: Known, from: RelationName, to: RelationName): Known {
  const key = keyOf(known, from);
  const noted = get(known.targets, key) ?? [];
  const target = keyOf(known, to);
  if (noted.includes(target)) return known;
  return { ...known, targets: set(known.targets, key, [...noted, target]) };
}

/** The tables that this one points at, and those that it is a partition of, as far as they are known. */
export function targetsOf(known: Known, relation: RelationName): Table[] {
  return tablesAt(known, get(known.targets, keyOf(known, relation)) ?? []);
}

/** The tables at some keys that are still there. */
export function tablesAt(known: Known, keys: readonly string[]): Table[] {
  return keys.flatMap((key) => get(known.tables, key)?.table ?? []);
}

/** With a type as it is now. */
export function putType(known: Known, type: UserType): Known {
  return { ...known, types: set(known.types, keyOf(known, type.relation), Object.freeze(type)) };
}

/** The type of a name, or null. */
export function typeIn(known: Known, relation: RelationName): UserType | null {
  return get(known.types, keyOf(known, relation)) ?? null;
}

/** Without a type. */
export function withoutType(known: Known, relation: RelationName): Known {
  return { ...known, types: without(known.types, keyOf(known, relation)) };
}

/** All tables, in their order. For what is rare: it takes as long as there are tables. */
export function allTables(known: Known): readonly Table[] {
  const all = valuesOf(known.tables).toSorted((a, b) => a.order - b.order);
  return Object.freeze(all.map((l) => l.table));
}
