import type { Table } from "../../../../model/catalog.js";
import { show } from "../../../../model/name.js";
import { indexParts } from "../../index-parts.js";
import { quote, quoteRelation } from "../../names.js";
import type { MysqlContext } from "../algorithms.js";
import type { Violation } from "./verify.js";

/** One part of a key as an expression: the column, or as much of it as the key holds. Null for what is no column. */
function valueIn({
  column,
}: {
  readonly column: { readonly name: string; readonly rest: string } | null;
}): string | null {
  // Of MariaDB's periods rows may share the rest.
  if (column === null || /\bOVERLAPS\b/i.test(column.rest)) return null;
  const length = /^\s*\(\s*(\d+)\s*\)/.exec(column.rest)?.[1];
  return length === undefined ? quote(column.name) : `LEFT(${quote(column.name)}, ${length})`;
}

/**
 * The rows that share their values in a key with another row: what a unique index could not be built over. All of them
 * are found by one read of the table, since no index need be there that would tell of a few. Null where the key's parts
 * are not columns.
 *
 * @param definition the key's parts and what stands behind: `(a, b(10) DESC) COMMENT 'x'`
 */
export function duplicates(table: Table, definition: string, context: MysqlContext): Violation | null {
  const parts = indexParts(definition, context.dialect)?.parts ?? [];
  const values = parts.flatMap((part) => valueIn(part) ?? []);
  if (values.length === 0 || values.length < parts.length) return null;
  const list = values.join(", ");
  const present = values.map((v) => `${v} IS NOT NULL`).join(" AND ");
  const shared = `SELECT ${list} FROM ${quoteRelation(table.relation)} AS zmigrate_same WHERE ${present} GROUP BY ${list} HAVING COUNT(*) > 1`;
  const columns = parts.map((p) => p.column?.name).join(", ");
  return {
    row: `(${list}) IN (${shared})`,
    rows: `of ${show(table.relation)} share ${columns} with another row`,
    help: `Give them values of their own, or delete what is twice, and run \`zmigrate apply\` again.`,
    whole: true,
  };
}
