import type { Catalog, Column, Index, Table } from "../model/catalog.js";
import type { Bound, Constant, NamedInCondition } from "../model/detail/bound.js";
import type { DataChange, Joined, Joins, Lookup, Query } from "../model/detail/data.js";
import type { RelationName } from "../model/name.js";
import { findTable } from "./engine.js";

/** So many rows are a batch. */
export const BATCH_ROWS = 50_000;

/** MySQL finds every text that is no number where one is compared with 0. */
const TEXT = /char|text|enum|set|binary|blob/i;

/** MySQL's columns are called the same in upper and lower case; PostgreSQL's are folded where they are read. */
const sameName = (a: string, b: string, { dialect }: Catalog): boolean =>
  dialect === undefined ? a === b : a.toLowerCase() === b.toLowerCase();

/** Whether it is the same for all rows of the table, and finds few of them. */
function isValue(constant: Constant, { type }: Pick<Column, "type">, catalog: Catalog): boolean {
  if (constant.kind === "number") return !TEXT.test(type);
  if (constant.kind === "name") return false;
  if (constant.kind !== "looked-up" && constant.kind !== "found") return true;
  // A name that the other table has not is the outer one's, and any value.
  const { relation, column } = constant;
  const isIts = findTable(catalog, relation)?.columns.some((c) => sameName(c.name, column, catalog)) === true;
  return isIts && (constant.kind === "looked-up" || namesRows(constant.bounds, relation, catalog));
}

/** What bounds are about: a table, and what it is called where others are read, too. */
interface Rows {
  readonly table: Table;
  readonly alias: string | null;
  readonly catalog: Catalog;
}

const isOf = ({ table, name }: NamedInCondition, column: string, { alias, catalog }: Rows): boolean =>
  sameName(name, column, catalog) && (alias === null || (table !== null && sameName(table, alias, catalog)));

function isBound(bounds: readonly Bound[], column: string, rows: Rows): boolean {
  const { type = "" } = rows.table.columns.find((c) => c.name === column) ?? {};
  return bounds.some(
    (bound) =>
      bound.kind === "is" &&
      isOf(bound.column, column, rows) &&
      bound.values.every((value) => isValue(value, { type }, rows.catalog)),
  );
}

/** `BETWEEN 1 AND 100`, `> 0 AND id <= 100`, as far apart as a batch. */
function isRange(bounds: readonly Bound[], column: string, rows: Rows): boolean {
  const of = (kind: "least" | "most") =>
    bounds.flatMap((b) => (b.kind === kind && isOf(b.column, column, rows) ? [b.value] : []));
  const [least, most] = [of("least"), of("most")];
  return least.length > 0 && most.length > 0 && Math.min(...most) - Math.max(...least) <= BATCH_ROWS;
}

/** A unique index over whole columns and all rows: an expression, a prefix or a predicate has more brackets, or a WHERE. */
export function isWholeKey({ unique, valid, definition, columns }: Index): boolean {
  const keys = /^[^(]*\(([^()]*)\)\s*$/.exec(definition)?.[1];
  return unique && valid && keys !== undefined && keys.split(",").length === columns.length;
}

/** One that no constraint has. */
const isWhole = (index: Index): boolean => index.constraint === null && isWholeKey(index);

interface Columns {
  readonly columns: readonly string[];
}

const isSame = (a: Columns, b: Columns): boolean =>
  [...a.columns].sort().join("\0") === [...b.columns].sort().join("\0");

/** Whether a key over the same columns stays when a unique index goes: ON CONFLICT and the like go by that. */
export function hasSameKey({ constraints, indexes }: Table, name: string): boolean {
  const gone = indexes.find((index) => index.name === name);
  if (gone === undefined || !isWhole(gone)) return false;
  const keys = constraints.filter(
    ({ kind, definition }) =>
      (kind === "primary-key" || kind === "unique") && !/(?<!NOT\s+)DEFERRABLE/i.test(definition),
  );
  return [...keys, ...indexes.filter((index) => index !== gone && isWhole(index))].some((key) => isSame(key, gone));
}

/** The same of MySQL's and MariaDB's keys, each of which is an index: upserts go by any of them, and by no name. */
export function hasSameIndex({ indexes }: Table, name: string): boolean {
  const gone = indexes.find((index) => index.name === name);
  if (gone === undefined || !isWholeKey(gone)) return false;
  return indexes.some((other) => other !== gone && isWholeKey(other) && isSame(other, gone));
}

/** The columns of each key of which a row is the only one. */
export function keysOf({ constraints, indexes }: Table): readonly (readonly string[])[] {
  const named = constraints.filter(({ kind }) => kind === "primary-key" || kind === "unique");
  return [...named, ...indexes.filter(isWhole)].map(({ columns }) => columns).filter(({ length }) => length > 0);
}

/**
 * Whether a condition names the rows of a table that it finds one by one, by a key that is known.
 *
 * @param alias what the columns must have in front of them, where the statement reads other tables, too
 */
export function namesRows(
  bounds: readonly Bound[],
  relation: RelationName,
  catalog: Catalog,
  alias: string | null = null,
): boolean {
  const table = findTable(catalog, relation);
  if (table === null) return false;
  const rows = { table, alias, catalog };
  return keysOf(table).some((columns) => columns.every((column) => isBound(bounds, column, rows)));
}

/** Whether a query of one table finds one row of it at most: constants give a key one value. */
export function namesOneRow({ relation, bounds }: Lookup, catalog: Catalog): boolean {
  const table = findTable(catalog, relation);
  // A key of a table that others inherit from is not theirs.
  if (table === null || (table.partitioned && (table.partitionKey ?? null) === null)) return false;
  const single = bounds.filter((bound) => bound.kind === "is" && bound.values.length === 1);
  return namesRows(single, relation, catalog);
}

/** PostgreSQL: the place of a row, in one table and not in its partitions. */
const PLACE = "ctid";

/** Whether no more rows of a table are written than a query gives, which gives no more than a batch. */
export function isBatchOf({ batch }: DataChange, relation: RelationName, catalog: Catalog): boolean {
  if (batch === undefined || batch.rows > BATCH_ROWS) return false;
  const table = findTable(catalog, relation);
  if (batch.columns.includes(PLACE)) return table?.partitioned !== true;
  return table !== null && keysOf(table).some((key) => key.every((column) => batch.columns.includes(column)));
}

/** Whether constants bound the rows that a condition finds to those of a batch, by a key that is known. */
export function findsBatch(bounds: readonly Bound[], relation: RelationName, catalog: Catalog): boolean {
  if (namesRows(bounds, relation, catalog)) return true;
  const table = findTable(catalog, relation);
  if (table === null) return false;
  const rows = { table, alias: null, catalog };
  return keysOf(table).some(
    ([only, ...more]) => only !== undefined && more.length === 0 && isRange(bounds, only, rows),
  );
}

/** `WHERE 1 = 0`, `WHERE a > 3 AND FALSE`: no row is looked at. */
const findsNothing = (bounds: readonly Bound[]): boolean => bounds.some(({ kind }) => kind === "never");

/** Whether all that a statement reads are rows that it names, or none. @param found what it reads; absent where not all is so read */
export function readsNamedRows(found: readonly Lookup[] | undefined, catalog: Catalog): boolean {
  return found?.every(({ bounds, relation }) => findsNothing(bounds) || namesRows(bounds, relation, catalog)) === true;
}

/** Whether all that a statement reads is a batch by a key, or nothing. @param found what it reads; absent where not all is so read */
export function readsBatch(found: readonly Lookup[] | undefined, catalog: Catalog): boolean {
  return found?.every(({ bounds, relation }) => findsNothing(bounds) || findsBatch(bounds, relation, catalog)) === true;
}

/** Whether all that a statement reads are the least and greatest values of columns that a key begins with: one row each. */
export function readsEnds({ ends }: Pick<Query, "ends">, catalog: Catalog): boolean {
  const isKeyed = ({ relation, column }: NonNullable<Query["ends"]>[number]) => {
    const table = findTable(catalog, relation);
    return table !== null && keysOf(table).some(([first]) => first === column);
  };
  return ends?.every(isKeyed) === true;
}

/** Which rows that UPDATE, DELETE or MERGE finds in joins are few: those that it writes, and all that it meets. */
export function joinedRows({ writes, joins, verb }: DataChange, catalog: Catalog): FewRows {
  const [relation, another] = writes;
  if (relation === undefined || another !== undefined || joins === undefined) return { written: false, all: false };
  const { alias, others, more } = joins;
  const tables: readonly Joined[] = alias === null ? others : [{ alias, relation }, ...others];
  const few = fewOf(tables, joins, catalog);
  const met = few.size === tables.length;
  const [own] = tables;
  // What finds none to be merged with may be added.
  const written = verb === "merge" ? met : own !== undefined && few.has(own);
  return { written, all: met && more !== true };
}

interface FewRows {
  readonly written: boolean;
  readonly all: boolean;
}

/** Those of joined tables of which constants, and columns of others of them, name few rows. */
function fewOf(tables: readonly Joined[], { bounds }: Joins, catalog: Catalog): ReadonlySet<Joined> {
  const few = new Set<Joined>();
  for (let before = -1; before < few.size; ) {
    before = few.size;
    const known = [...few].map(({ alias }) => alias);
    const all = [...bounds, ...bounds.flatMap(mirrored)];
    for (const table of tables) {
      const met = [...all, ...(table.bounds ?? [])].map((bound) => metBy(bound, known, catalog));
      if (isFew(table, met, tables.length === 1, catalog)) few.add(table);
    }
  }
  return few;
}

function isFew(
  { alias, relation, found }: Joined,
  bounds: readonly Bound[],
  alone: boolean,
  catalog: Catalog,
): boolean {
  if (relation === undefined) return readsNamedRows(found, catalog);
  return namesRows(bounds, relation, catalog, alone ? null : alias);
}

/** `b = a` of `a = b`. */
function mirrored(bound: Bound): readonly Bound[] {
  if (bound.kind !== "is") return [];
  const [value, another] = bound.values;
  if (value?.kind !== "name" || another !== undefined) return [];
  return [{ kind: "is", column: value.of, values: [{ kind: "name", of: bound.column }] }];
}

/** A column of few rows has few values. */
function metBy(bound: Bound, known: readonly string[], catalog: Catalog): Bound {
  if (bound.kind !== "is") return bound;
  const isMet = (value: Constant) =>
    value.kind === "name" && known.some((alias) => sameName(alias, value.of.table ?? "", catalog));
  return { ...bound, values: bound.values.map((value) => (isMet(value) ? { kind: "passed" } : value)) };
}
