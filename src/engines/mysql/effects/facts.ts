import type { Column, Dependent, Index, Table } from "../../../model/catalog.js";
import { columnsIn } from "../parse/column-mentions.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { tokenize } from "../parse/lexer.js";

/** Names of columns do not differ by case. */
export function sameColumn(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

export function has(columns: readonly string[], column: string): boolean {
  return columns.some((c) => sameColumn(c, column));
}

/** The table's FULLTEXT indexes, except those over one column alone when it is given. */
export function fulltextIndexes(table: Table | null, except: string | null): Index[] {
  const all = (table?.indexes ?? []).filter((i) => /\bFULLTEXT\b/i.test(i.definition));
  return all.filter((i) => except === null || i.columns.some((c) => !sameColumn(c, except)));
}

/** The table has a column that is computed when it is read. */
export function hasVirtualColumn(table: Table | null): boolean {
  return table?.columns.some((c) => c.generated?.kind === "virtual") === true;
}

/** Whether a virtual column stands somewhere behind a column. */
export function isBeforeVirtual(table: Table | null, column: string): boolean {
  const columns = table?.columns ?? [];
  const at = columns.findIndex((c) => sameColumn(c.name, column));
  return columns.slice(at + 1).some((c) => c.generated?.kind === "virtual");
}

/** The table has an index over such a column. */
export function hasIndexedVirtualColumn(table: Table | null): boolean {
  const virtual = (table?.columns ?? []).filter((c) => c.generated?.kind === "virtual").map((c) => c.name);
  return table?.indexes.some((i) => i.columns.some((c) => has(virtual, c))) === true;
}

export function hasSpatialIndex(table: Table | null): boolean {
  return table?.indexes.some((i) => /\bSPATIAL\b/i.test(i.definition)) === true;
}

/** A column of the catalog, or null. */
export function columnIn(table: Table | null, name: string): Column | null {
  return table?.columns.find((c) => sameColumn(c.name, name)) ?? null;
}

/** The indexes that a column is in. */
export function indexesOver(table: Table, column: string): Index[] {
  return table.indexes.filter((i) => has(i.columns, column));
}

/** What of a table's own expressions names a column: generated columns, defaults. */
export function expressionsOver(table: Table | null, column: string, dialect: MysqlDialect): string[] {
  return (table?.columns ?? [])
    .filter((c) => !sameColumn(c.name, column))
    .filter((c) => names(c.generated?.expression, column, dialect) || names(c.default, column, dialect))
    .map((c) => `column ${c.name}`);
}

function names(expression: string | null | undefined, column: string, dialect: MysqlDialect): boolean {
  if (expression === null || expression === undefined) return false;
  return columnsIn([tokenize(expression, dialect).tokens], new Map([[column.toLowerCase(), column]])).length > 0;
}

/**
 * MariaDB cannot look for NULLs in place where a computed column depends on the column; out of strict mode, beside any
 * virtual column.
 */
export function copiesForNotNull(table: Table | null, column: string, strict: boolean): boolean {
  if (!hasVirtualColumn(table)) return false;
  return !strict || expressionsOver(table, column, "mariadb").length > 0;
}

/** Indexes over an expression that names a column. Servers print a double bracket in front of one. */
export function functionalIndexes(table: Table | null, column: string): Index[] {
  return (table?.indexes ?? []).filter((i) => has(i.columns, column) && /[(,]\s*\(/.test(i.definition));
}

/** Code outside the table that names a column. */
export function codeOver(table: Table | null, column: string): Dependent[] {
  const kinds: readonly Dependent["kind"][] = ["trigger", "view", "function", "event"];
  return (table?.dependents ?? []).filter((d) => kinds.includes(d.kind) && has(d.columns, column));
}
