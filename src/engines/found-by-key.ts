import type { Catalog, Column, Index, Table } from "../model/catalog.js";
import type { Bound, Constant, NamedInCondition } from "../model/detail/bound.js";
import type { DataChange, Lookup, Query } from "../model/detail/data.js";
import type { RelationName } from "../model/name.js";
import { findTable } from "./engine.js";

/** So many rows are a batch. */
const BATCH_ROWS = 50_000;

/** MySQL finds every text that is no number where one is compared with 0. */
const TEXT = /char|text|enum|set|binary|blob/i;

/** MySQL's columns are called the same in upper and lower case; PostgreSQL's are folded where they are read. */
const sameName = (a: string, b: string, { dialect }: Catalog): boolean =>
  dialect === undefined ? a === b : a.toLowerCase() === b.toLowerCase();

/** Whether it is the same for all rows of the table, and finds few of them. */
function isValue(constant: Constant, { type }: Pick<Column, "type">, catalog: Catalog): boolean {
  if (constant.kind === "number") return !TEXT.test(type);
  if (constant.kind === "name") return false;
  if (constant.kind !== "looked-up") return true;
  // A name that the other table has not is the outer one's, and any value.
  const { relation, column } = constant;
  return findTable(catalog, relation)?.columns.some((c) => sameName(c.name, column, catalog)) === true;
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
function isWhole({ unique, valid, constraint, definition, columns }: Index): boolean {
  if (!unique || !valid || constraint !== null) return false;
  const keys = /\bON\s[^(]*\(([^()]*)\)\s*$/i.exec(definition)?.[1];
  return keys !== undefined && keys.split(",").length === columns.length;
}
/** Whether a key over the same columns stays when a unique index goes: ON CONFLICT and the like go by that. */
export function hasSameKey({ constraints, indexes }: Table, name: string): boolean {
  const gone = indexes.find((index) => index.name === name);
  if (gone === undefined || !isWhole(gone)) return false;
  const isSame = ({ columns }: { readonly columns: readonly string[] }) =>
    [...columns].sort().join("\0") === [...gone.columns].sort().join("\0");
  const keys = constraints.filter(
    ({ kind, definition }) =>
      (kind === "primary-key" || kind === "unique") && !/(?<!NOT\s+)DEFERRABLE/i.test(definition),
  );
  return [...keys, ...indexes.filter((index) => index !== gone && isWhole(index))].some(isSame);
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

/** Whether all that a statement reads are the least and greatest values of columns that a key begins with: one row each. */
export function readsEnds({ ends }: Pick<Query, "ends">, catalog: Catalog): boolean {
  const isKeyed = ({ relation, column }: NonNullable<Query["ends"]>[number]) => {
    const table = findTable(catalog, relation);
    return table !== null && keysOf(table).some(([first]) => first === column);
  };
  return ends?.every(isKeyed) === true;
}

/** Whether UPDATE or DELETE of a table that others are joined to names the rows that it writes, by columns with their table. */
export function namesJoinedRows({ writes, bounds = [], walk, cte }: DataChange, catalog: Catalog): boolean {
  const [relation, another] = writes;
  if (relation === undefined || another !== undefined || walk === undefined || cte) return false;
  return namesRows(bounds, relation, catalog, walk.alias);
}

/** Whether the only other table of such a statement is met by its key: `JOIN orgs o ON o.id = u.org_id`. */
export function joinsByKey({ reads, walk }: DataChange, catalog: Catalog): boolean {
  const [other, another] = reads;
  const table = other === undefined || another !== undefined ? null : findTable(catalog, other);
  if (table === null || walk === undefined) return false;
  const single = keysOf(table).flatMap(([only, ...more]) => (more.length === 0 ? (only ?? []) : []));
  const isMine = ({ table: of }: NamedInCondition) => of !== null && sameName(of, walk.alias, catalog);
  return (walk.equal ?? []).some(({ left, right }) => {
    const [mine, theirs] = isMine(left) ? [left, right] : [right, left];
    return isMine(mine) && !isMine(theirs) && single.some((column) => sameName(column, theirs.name, catalog));
  });
}
