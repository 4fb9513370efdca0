import type { Index, Table } from "../../../model/catalog.js";
import { indexParts } from "../index-parts.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { columnIn, sameColumn } from "./facts.js";
import { isTooLong, prefixIn } from "./key-bytes.js";
import { isMysqlFrom, type Server } from "./server.js";

/**
 * The whole columns that an index sorts by, from the first one on: none of a FULLTEXT or SPATIAL index, and none behind
 * an expression or a part of a column.
 */
export function sortedBy(index: Index, dialect: MysqlDialect): readonly string[] {
  const read = indexParts(index.definition, dialect);
  if (read === null || read.special !== null) return [];
  const whole = read.parts.map(({ column }) =>
    column !== null && /^\s*(?:asc|desc)?\s*$/i.test(column.rest) ? column.name : null,
  );
  const end = whole.indexOf(null);
  return whole.slice(0, end < 0 ? whole.length : end).flatMap((name) => name ?? []);
}

const beginsWith = (sorted: readonly string[], columns: readonly string[]) =>
  columns.every((c, at) => sameColumn(sorted[at] ?? "", c));

/**
 * The foreign keys, own and of other tables, for which no other index would do: without this one the server refuses to
 * go on (1553). MySQL from 8.4 asks for a unique index over just the columns that others point at.
 */
export function neededBy(index: Index, table: Table, server: Server): readonly string[] {
  const { dialect } = server;
  const sorted = new Map(table.indexes.map((i) => [i, sortedBy(i, dialect)]));
  const serves = (i: Index, columns: readonly string[]) => beginsWith(sorted.get(i) ?? [], columns);
  const exactly = isMysqlFrom(server, 8, 4);
  const target = (i: Index, columns: readonly string[]) =>
    serves(i, columns) && (!exactly || (i.unique && sorted.get(i)?.length === columns.length));
  const needs = (does: typeof serves) => (key: { readonly columns: readonly string[] }) =>
    does(index, key.columns) && !table.indexes.some((i) => i !== index && does(i, key.columns));
  return [
    ...table.constraints.filter((c) => c.kind === "foreign-key" && needs(serves)(c)).map((c) => c.name),
    ...table.referencedBy.filter(needs(target)).map((r) => r.constraint),
  ];
}

/** What the server may take for the primary key where there is none: unique, and never NULL. */
export function isLikePrimary(index: Index, table: Table, dialect: MysqlDialect): boolean {
  if (!index.unique || hasPrimary(table)) return false;
  const sorted = sortedBy(index, dialect);
  const parts = indexParts(index.definition, dialect)?.parts.length;
  return sorted.length === parts && sorted.every((c) => columnIn(table, c)?.notNull === true);
}

/** The table has a primary key, or something in its place. */
export function hasRowOrder(table: Table, dialect: MysqlDialect): boolean {
  return hasPrimary(table) || table.indexes.some((i) => isLikePrimary(i, table, dialect));
}

const hasPrimary = (table: Table) => table.constraints.some((c) => c.kind === "primary-key");

/**
 * MariaDB keeps unique indexes over what is too long for an index as hashes, in a hidden virtual column, and copies the
 * table for whatever else changes while one is there, though it is only a comment (seen on 10.11).
 */
export function hashedIndexes(table: Table | null, dialect: MysqlDialect): readonly Index[] {
  if (dialect !== "mariadb" || table === null) return [];
  return table.indexes.filter((i) => i.unique && isHashed(i, table));
}

function isHashed({ definition }: Index, table: Table): boolean {
  const read = indexParts(definition, "mariadb");
  if (/\bUSING\s+HASH\b/i.test(read?.tail ?? "")) return true;
  const key = (read?.parts ?? []).flatMap(({ column }) =>
    column === null ? [] : [{ name: column.name, prefix: prefixIn(column.rest) }],
  );
  return isTooLong(key, table, "mariadb");
}
