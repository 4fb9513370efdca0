import type { ColumnRef, JoinExpr, Node, RangeSubselect, RangeVar, SelectStmt } from "libpg-query";
import type { ColumnUse } from "../../../../../model/detail/object.js";
import type { RelationName } from "../../../../../model/name.js";
import { bodies, body, relationOf, strings } from "../../ast.js";
import { isDeep } from "./deep.js";

/** What a query's FROM has, by the names that columns are qualified with. Of a query in there no relation is told. */
interface Scope {
  readonly items: Map<string, readonly RelationName[]>;
  readonly outer: Scope | null;
}

/** What a part of a query may name: columns, and queries of WITH. */
interface Place {
  readonly scope: Scope | null;
  readonly queries: ReadonlySet<string>;
}

/** The columns that a query names, each with the relations that may have it; null for what is nested deeper than a person writes. */
export function columnUses(query: unknown): readonly ColumnUse[] | null {
  if (isDeep(query)) return null;
  const uses: ColumnUse[] = [];
  readTree(query, { scope: null, queries: new Set() }, uses);
  return Object.freeze(uses);
}

function readTree(tree: unknown, place: Place, uses: ColumnUse[]): void {
  const stack: unknown[] = [tree];
  while (stack.length > 0) {
    const value = stack.pop();
    if (typeof value !== "object" || value === null) continue;
    for (const [key, child] of Object.entries(value)) {
      if (key === "SelectStmt") readSelect(child as SelectStmt, place, uses);
      else if (key === "ColumnRef") uses.push(useOf(child as ColumnRef, place.scope));
      else stack.push(child);
    }
  }
}

function readSelect(select: SelectStmt, around: Place, uses: ColumnUse[]): void {
  const { withClause, fromClause, larg, rarg, sortClause, ...rest } = select;
  const queries = readWith(withClause, around, uses);
  for (const arm of [larg, rarg]) if (arm !== undefined) readSelect(arm, { ...around, queries }, uses);
  const place = { scope: { items: new Map(), outer: around.scope }, queries };
  for (const item of fromClause ?? []) readItem(item, place, uses);
  const outputs = new Set(outputsOf(select));
  readTree(rest, place, uses);
  // There a name by itself is one of the columns that the query gives, where there is such a one.
  readTree(
    bodies(sortClause, "SortBy").filter(({ node }) => !outputs.has(nameOf(node))),
    place,
    uses,
  );
}

const outputsOf = ({ targetList, larg }: SelectStmt): readonly string[] =>
  larg === undefined ? bodies(targetList, "ResTarget").map(({ name, val }) => name ?? nameOf(val)) : outputsOf(larg);

const nameOf = (node: Node | undefined): string => {
  const names = strings(body(node, "ColumnRef")?.fields);
  return names.length === 1 ? (names[0] ?? "") : "";
};

/** The queries of WITH that may be named behind it. Each may name those in front of it, a recursive one itself, too. */
function readWith(clause: SelectStmt["withClause"], around: Place, uses: ColumnUse[]): ReadonlySet<string> {
  const tables = bodies(clause?.ctes, "CommonTableExpr");
  const all = tables.map(({ ctename = "" }) => ctename);
  for (const [i, { ctequery }] of tables.entries()) {
    const seen = clause?.recursive === true ? all : all.slice(0, i);
    readTree(ctequery, { ...around, queries: new Set([...around.queries, ...seen]) }, uses);
  }
  return new Set([...around.queries, ...all]);
}

/** Puts an item of FROM into the scope; what it names itself is read on the way. Gives the relations that it consists of. */
function readItem(item: Node, place: Place & { readonly scope: Scope }, uses: ColumnUse[]): readonly RelationName[] {
  const range = body(item, "RangeVar");
  if (range !== null) return put(place, range.alias?.aliasname ?? range.relname, relationsOf(range, place));
  const join = body(item, "JoinExpr");
  if (join !== null) return readJoin(join, place, uses);
  const query = body(item, "RangeSubselect");
  const sample = body(item, "RangeTableSample");
  if (sample?.relation !== undefined) return readItem(sample.relation, place, uses);
  if (query === null) readTree(item, place, uses);
  else readTree(query.subquery, { ...place, scope: query.lateral === true ? place.scope : place.scope.outer }, uses);
  const [named] = Object.values(item) as readonly RangeSubselect[];
  return put(place, named?.alias?.aliasname, []);
}

const relationsOf = (range: RangeVar, { queries }: Place): readonly RelationName[] =>
  range.schemaname === undefined && queries.has(range.relname ?? "") ? [] : [relationOf(range)];

function put(
  { scope }: Place & { readonly scope: Scope },
  name: string | undefined,
  relations: readonly RelationName[],
): readonly RelationName[] {
  scope.items.set(name ?? `\0${scope.items.size}`, relations);
  return relations;
}

function readJoin(
  join: JoinExpr,
  place: Place & { readonly scope: Scope },
  uses: ColumnUse[],
): readonly RelationName[] {
  const sides = [join.larg, join.rarg].map((side) => (side === undefined ? [] : readItem(side, place, uses)));
  readTree(join.quals, place, uses);
  for (const column of strings(join.usingClause)) for (const side of sides) uses.push({ column, of: [side] });
  const both = sides.flat();
  if (join.alias?.aliasname !== undefined) place.scope.items.set(join.alias.aliasname, both);
  return both;
}

function useOf({ fields }: ColumnRef, scope: Scope | null): ColumnUse {
  const star = (fields ?? []).some((field) => "A_Star" in field);
  const names = strings(fields);
  const column = star ? "*" : (names.at(-1) ?? "");
  const qualifier = names.at(star ? -1 : -2);
  if (qualifier === undefined) return { column, of: star ? [allOf(scope)] : scopesOf(scope).map(allOf) };
  const found = scopesOf(scope).find(({ items }) => items.has(qualifier));
  // What nothing there is called may be any of it.
  return { column, of: found === undefined ? [scopesOf(scope).flatMap(allOf)] : [found.items.get(qualifier) ?? []] };
}

const allOf = (scope: Scope | null): readonly RelationName[] => [...(scope?.items.values() ?? [])].flat();

function scopesOf(scope: Scope | null): Scope[] {
  const all: Scope[] = [];
  for (let at = scope; at !== null; at = at.outer) all.push(at);
  return all;
}
