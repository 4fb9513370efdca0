import type { Node } from "libpg-query";
import type { Catalog, Column, Table } from "../../../model/catalog.js";
import { findTable } from "../../engine.js";
import { hasOwnClasses } from "../../table-lookup.js";
import { bodies, body, relationOf, strings } from "../parse/ast.js";
import { rawParse } from "../parse/library.js";
import { isAssignable } from "./casts.js";
import { typeName, userType } from "./type-names.js";

/** A column of a trigger's row that is written to one of a type which it does not become. */
export interface Unassignable {
  readonly table: Table;
  readonly to: Column;
  readonly from: Column;
}

/**
 * The first column of NEW or OLD that a statement of a trigger's function writes, as it is, to a column of a type that it does
 * not become without a cast; null where there is none for certain.
 *
 * @param own the table that the trigger is on
 */
export function unassignable(statement: string, own: Table, catalog: Catalog): Unassignable | null {
  const parsed = rawParse(statement);
  const node = "statements" in parsed ? parsed.statements[0]?.stmt : undefined;
  const range = body(node, "InsertStmt")?.relation ?? body(node, "UpdateStmt")?.relation;
  const table = range === undefined ? null : findTable(catalog, relationOf(range));
  if (table === null || !hasOwnClasses(catalog)) return null;
  for (const [name, value] of writtenBy(node, table)) {
    const to = table.columns.find((column) => column.name === name);
    const from = rowColumn(value, own);
    if (to !== undefined && from !== undefined && !becomes(from.type, to.type, catalog)) return { table, to, from };
  }
  return null;
}

/** Columns, and what is written to them. */
function writtenBy(node: Node | undefined, table: Table): (readonly [column: string, value: Node | undefined])[] {
  const update = body(node, "UpdateStmt");
  if (update !== null) return bodies(update.targetList, "ResTarget").map(({ name, val }) => [name ?? "", val] as const);
  const insert = body(node, "InsertStmt");
  const query = body(insert?.selectStmt, "SelectStmt");
  const named = bodies(insert?.cols, "ResTarget").map(({ name }) => name ?? "");
  const columns = named.length > 0 ? named : table.columns.map(({ name }) => name);
  const targets = bodies(query?.targetList, "ResTarget").map(({ val }) => val);
  const rows =
    query?.valuesLists === undefined ? [targets] : bodies(query.valuesLists, "List").map(({ items }) => items);
  // A `*` stands for several.
  const plain = rows.filter((row) => row?.every((value) => !JSON.stringify(value ?? null).includes('"A_Star"')));
  return plain.flatMap((row) => columns.map((column, at) => [column, row?.[at]] as const));
}

function rowColumn(value: Node | undefined, own: Table): Column | undefined {
  const [row, name, more] = strings(body(value, "ColumnRef")?.fields);
  if ((row !== "new" && row !== "old") || more !== undefined) return undefined;
  return own.columns.find((column) => column.name === name);
}

/** True where that is not told: of domains, arrays, and types that no file makes. */
function becomes(from: string, to: string, catalog: Catalog): boolean {
  const [source, target] = [typeName(from), typeName(to)];
  if (source === null || target === null || source.array || target.array) return true;
  if (source.schema !== "pg_catalog") return true;
  if (target.schema === "pg_catalog") return isAssignable(source.name, target.name);
  return userType(target, catalog)?.kind !== "enum";
}
