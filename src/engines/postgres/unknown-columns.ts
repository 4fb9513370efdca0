import type { ColumnRef, Node, RangeVar, SelectStmt } from "libpg-query";
import type { Catalog, Table } from "../../model/catalog.js";
import type { RelationName } from "../../model/name.js";
import { findTable } from "../engine.js";
import { lacksRoutine } from "../table-lookup.js";
import { STEADY_FUNCTIONS } from "./effects/builtin-functions.js";
import { bodies, body, relationOf, strings } from "./parse/ast.js";
import { rawParse } from "./parse/library.js";

/** A column that a statement names, and that no table has for it. */
export interface UnknownColumn {
  readonly column: string;
  /** The table that it would be of; null where it could be one of several. */
  readonly relation: RelationName | null;
}

/** What every row has besides its table's columns. */
const SYSTEM: ReadonlySet<string> = new Set(["tableoid", "ctid", "xmin", "xmax", "cmin", "cmax"]);

/** Aggregates that take a row: `t.count` calls one. */
const OF_ROWS =
  /^(?:count|min|max|\w+_agg|\w+_agg_\w+|hash_record\w*|row_number|lag|lead|(?:first|last|nth)_value|mode)$/;

/** What a query reads by plain names, and whether it reads anything else. */
interface Scope {
  readonly tables: ReadonlyMap<string, Table>;
  readonly isWhole: boolean;
}

/** Parts that have names of their own, and what is no expression. */
const APART: ReadonlySet<string> = new Set(["subselect", "subquery", "withClause", "typmods", "into", "intoClause"]);

function referencesOf(tree: unknown): (readonly string[])[] {
  const found: (readonly string[])[] = [];
  const stack: unknown[] = [tree];
  while (stack.length > 0) {
    const value = stack.pop();
    if (typeof value !== "object" || value === null) continue;
    for (const [key, child] of Object.entries(value)) {
      if (APART.has(key)) continue;
      const { fields = [] } = key === "ColumnRef" ? (child as ColumnRef) : {};
      if (fields.length > 0 && !fields.some((field) => "A_Star" in field)) found.push(strings(fields));
      stack.push(child);
    }
  }
  return found.reverse();
}

/** Plain tables of a FROM, through its joins; null for anything else in it. */
function rangesOf(nodes: readonly Node[]): (RangeVar | null)[] {
  return nodes.flatMap((node) => {
    const join = body(node, "JoinExpr");
    if (join === null) return body(node, "RangeVar");
    if (join.alias !== undefined || join.join_using_alias !== undefined) return null;
    return rangesOf([join.larg, join.rarg].flatMap((side) => side ?? []));
  });
}

function scopeOf(ranges: readonly (RangeVar | null)[], catalog: Catalog): Scope {
  const tables = new Map<string, Table>();
  let isWhole = true;
  for (const range of ranges) {
    const table = range === null ? null : findTable(catalog, relationOf(range));
    const called = range?.alias?.aliasname ?? range?.relname ?? "";
    const isTold = table !== null && table.columns.length > 0 && range?.alias?.colnames === undefined;
    if (isTold && !tables.has(called)) tables.set(called, table);
    else isWhole = false;
  }
  return { tables, isWhole };
}

/** `t.f` may call the function f of a row. */
const mayBeCall = (name: string, catalog: Catalog): boolean =>
  STEADY_FUNCTIONS.has(name) || OF_ROWS.test(name) || !lacksRoutine(catalog, { schema: null, name });

function unknownIn(tree: unknown, { tables, isWhole }: Scope, more: readonly string[], catalog: Catalog) {
  const has = (table: Table, name: string) => table.columns.some((column) => column.name === name);
  const others = new Set([...SYSTEM, ...more, ...tables.keys()]);
  for (const parts of referencesOf(tree)) {
    const [first = "", second] = parts;
    const table = second === undefined ? undefined : tables.get(first);
    if (parts.length === 2 && second !== undefined && table !== undefined) {
      if (!has(table, second) && !SYSTEM.has(second) && !mayBeCall(second, catalog))
        return { column: second, relation: table.relation };
    } else if (parts.length === 1 && isWhole && tables.size > 0 && !others.has(first)) {
      const all = [...tables.values()];
      if (!all.some((one) => has(one, first)))
        return { column: first, relation: all.length === 1 ? (all[0]?.relation ?? null) : null };
    }
  }
  return null;
}

function inQuery(select: SelectStmt | null, catalog: Catalog): UnknownColumn | null {
  if (select === null || select.withClause !== undefined || (select.op ?? "SETOP_NONE") !== "SETOP_NONE") return null;
  const { fromClause = [], targetList } = select;
  const outputs = bodies(targetList, "ResTarget").flatMap(({ name }) => name ?? []);
  return unknownIn(select, scopeOf(rangesOf(fromClause), catalog), outputs, catalog);
}

/** Rows that are there already are met by their table's name, those that were to be written by EXCLUDED. */
function inInsert(node: Node, catalog: Catalog): UnknownColumn | null {
  const insert = body(node, "InsertStmt");
  if (insert?.relation === undefined || insert.withClause !== undefined) return null;
  const target = scopeOf([insert.relation], catalog);
  const [table] = [...target.tables.values()];
  const { targetList, whereClause } = insert.onConflictClause ?? {};
  const set = bodies(targetList, "ResTarget").map(({ name = "" }) => name);
  const gone = table === undefined ? undefined : set.find((name) => !table.columns.some((one) => one.name === name));
  if (table !== undefined && gone !== undefined) return { column: gone, relation: table.relation };
  const excluded = table === undefined ? [] : [["excluded", table] as const];
  // A column of both is named by neither alone: it is there all the same.
  const both = { tables: new Map([...target.tables, ...excluded]), isWhole: target.isWhole };
  return (
    inQuery(body(insert.selectStmt, "SelectStmt"), catalog) ?? unknownIn([targetList, whereClause], both, [], catalog)
  );
}

/**
 * A column that UPDATE, DELETE, INSERT, or the query of a view or a new table, names, and that none of the tables has which it
 * reads; null where there is none, or where a name may mean something else. Queries inside are not looked into.
 */
export function unknownColumn(sql: string, catalog: Catalog): UnknownColumn | null {
  const parsed = rawParse(sql);
  const node = "statements" in parsed ? parsed.statements[0]?.stmt : undefined;
  if (node === undefined) return null;
  const [update, remove] = [body(node, "UpdateStmt"), body(node, "DeleteStmt")];
  const change = update ?? remove;
  if (change !== null) {
    if (change.withClause !== undefined || change.relation === undefined) return null;
    const { relation, ...rest } = change;
    const others = update?.fromClause ?? remove?.usingClause ?? [];
    return unknownIn(rest, scopeOf([relation, ...rangesOf(others)], catalog), [], catalog);
  }
  const query = body(node, "ViewStmt")?.query ?? body(node, "CreateTableAsStmt")?.query;
  return query === undefined ? inInsert(node, catalog) : inQuery(body(query, "SelectStmt"), catalog);
}
