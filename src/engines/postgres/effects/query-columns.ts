import type { SelectStmt } from "libpg-query";
import type { Catalog } from "../../../model/catalog.js";
import { findTable } from "../../engine.js";
import type { MissingWritten } from "../../missing-written.js";
import { bodies, body, contains, relationOf } from "../parse/ast.js";
import { referencesIn } from "../parse/column-refs.js";
import { rawParse } from "../parse/library.js";

/** What every row has besides its table's columns. */
const SYSTEM: ReadonlySet<string> = new Set(["tableoid", "ctid", "xmin", "xmax", "cmin", "cmax"]);
const SUBQUERIES: ReadonlySet<string> = new Set(["SubLink"]);

/**
 * A column that a query of one known table names, and that the table has not; null where there is none, or where names may mean
 * something else: in a join, with a query inside.
 *
 * @param variables names that are not columns, of the code that the query stands in
 */
export function missingColumn(
  sql: string,
  variables: readonly string[],
  catalog: Catalog,
): (MissingWritten & { readonly column: string }) | null {
  const parsed = rawParse(sql);
  const select = body("statements" in parsed ? parsed.statements[0]?.stmt : undefined, "SelectStmt");
  const range = select === null ? null : body(onlyOf(select), "RangeVar");
  const table = range === null ? null : findTable(catalog, relationOf(range));
  if (select === null || range === null || table === null || table.columns.length === 0) return null;
  const called = range.alias?.aliasname ?? range.relname ?? "";
  const outputs = bodies(select.targetList, "ResTarget").map(({ name }) => name ?? "");
  const others = new Set([...table.columns.map(({ name }) => name), ...variables, ...outputs, ...SYSTEM, called]);
  const isOfTable = (parts: readonly string[]) => parts.length === 1 || (parts.length === 2 && parts[0] === called);
  const named = referencesIn(select).filter(({ parts, star }) => !star && isOfTable(parts));
  const column = named.map(({ parts }) => parts.at(-1) ?? "").find((name) => !others.has(name));
  return column === undefined ? null : { relation: table.relation, column };
}

/** All that a query reads, where it reads one thing. */
function onlyOf({ fromClause = [], withClause, op = "SETOP_NONE", ...rest }: SelectStmt) {
  const [only, another] = fromClause;
  const isOne = another === undefined && withClause === undefined && op === "SETOP_NONE";
  const { alias } = body(only, "RangeVar") ?? {};
  return isOne && alias?.colnames === undefined && !contains(rest, SUBQUERIES) ? only : undefined;
}
