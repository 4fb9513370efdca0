import type { CommonTableExpr, FuncCall, Node, RangeVar, TypeName as TypeNode } from "libpg-query";
import type { Catalog } from "../../model/catalog.js";
import type { RelationName } from "../../model/name.js";
import { findTable, sameRelation } from "../engine.js";
import type { KnownView } from "../known-view.js";
import { knownRoutines, knownView } from "../table-lookup.js";
import { isPlainFunction } from "./effects/query-functions.js";
import { fromTree, type TypeName, typeName, userType } from "./effects/type-names.js";
import { bodies, body, relationFrom, relationOf, strings, walk } from "./parse/ast.js";

/** What is of an enum's type: a value, or an array of values; `unknown` of a table that no file makes. */
export type Reads = "value" | "array" | "unknown";

/** Columns by their names, and which of them are of the enum. */
type Columns = ReadonlyMap<string, Reads | null>;

/** `unknown` of a table that no file makes; null where it is not told what the statement makes up. */
type Shown = Columns | "unknown" | null;

/** Rows that a statement may name columns of. */
interface Range {
  readonly called: string;
  readonly columns: Shown;
}

/** What a routine takes that is passed. */
interface Passed {
  readonly takes: readonly (Reads | null)[];
  readonly names: readonly (string | null)[];
}

/** What of a statement is of one enum, as far as that is certain. */
export interface Scope {
  typeOf(type: TypeNode | undefined): Reads | null;
  readsOf(expression: Node | undefined): Reads | null;
  /** Of a column that the statement names by its table. */
  columnOf(range: unknown, column: string): Reads | null;
  /** All columns of a table, in order; none where it is not known. */
  columnsOf(range: unknown): readonly string[];
  partitionKeyOf(range: unknown): readonly string[];
  /** Of the one routine of the name that files have made; null where there is none, or it is not told which one is meant. */
  passedTo(call: FuncCall): Passed | null;
}

/** @param type the enum */
export function enumScope(statement: Node | undefined, type: RelationName, catalog: Catalog): Scope {
  const reads = (read: TypeName | null): Reads | null => {
    if (read === null) return null;
    const isIt = sameRelation({ schema: read.schema, name: read.name }, type, catalog.defaultSchema);
    if (isIt) return read.array ? "array" : "value";
    const domain = read.array ? null : userType(read, catalog);
    return domain?.kind === "domain" && domain.base !== null ? reads(typeName(domain.base)) : null;
  };
  const typeOf = (node: TypeNode | undefined) => (node === undefined ? null : reads(fromTree(node)));
  const tableOf = (range: unknown) => (isRange(range) ? findTable(catalog, relationOf(range)) : null);
  const known = (range: RangeVar): Shown => {
    const columns = tableOf(range)?.columns ?? [];
    if (columns.length > 0) return new Map(columns.map((c) => [c.name, reads(typeName(c.type))]));
    const view = knownView(catalog, relationOf(range));
    return view === null ? "unknown" : shownBy(view, catalog, (type) => reads(typeName(type)));
  };
  const routineOf = ({ funcname }: FuncCall) => {
    const name = relationFrom(strings(funcname));
    const [only, another] = isPlainFunction(name) ? [] : (knownRoutines(catalog, name) ?? []);
    return another === undefined ? only : undefined;
  };
  const readsOf = (expression: Node | undefined, ranges: readonly Range[]): Reads | null => {
    const cast = body(expression, "TypeCast");
    if (cast !== null) return typeOf(cast.typeName);
    const call = body(expression, "FuncCall");
    if (call !== null) return reads(bareType(routineOf(call)?.returns ?? ""));
    const fields = body(expression, "ColumnRef")?.fields;
    return fields === undefined || fields.some((f) => "A_Star" in f) ? null : resolved(strings(fields), ranges);
  };
  const asked: Asked = { known, typeOf, readsOf };
  const ranges = rangesOf(statement, asked, new Map());
  return {
    typeOf,
    readsOf: (expression) => readsOf(expression, ranges),
    columnOf: (range, column) => (isRange(range) ? inColumns(known(range), column) : null),
    columnsOf: (range) => tableOf(range)?.columns.map(({ name }) => name) ?? [],
    partitionKeyOf: (range) => tableOf(range)?.partitionKey ?? [],
    passedTo: (call) => {
      const routine = routineOf(call);
      return routine === undefined
        ? null
        : { takes: routine.takes.map((type) => reads(bareType(type))), names: routine.names };
    },
  };
}

/** What a statement's texts are looked up in. */
interface Asked {
  known(range: RangeVar): Shown;
  typeOf(type: TypeNode | undefined): Reads | null;
  readsOf(expression: Node | undefined, ranges: readonly Range[]): Reads | null;
}

/** A type as a routine's shape has it: `et[]`. */
function bareType(type: string): TypeName {
  const name = type.replace(/(?:\[\])+$/, "");
  return { schema: null, name, modifiers: null, array: name !== type };
}

/** The columns of a view; one whose type is not told may be of the enum. */
function shownBy(view: KnownView, catalog: Catalog, reads: (type: string) => Reads | null): Shown {
  const names = view.columns ?? view.starred;
  if (names === null) return null;
  const [only, another] = view.reads;
  const [schema = "", name = ""] = only?.split("\0") ?? [];
  const table =
    only === undefined || another !== undefined ? null : findTable(catalog, { schema: schema || null, name });
  const typeOf = (column: string, at: number) =>
    view.types === null ? table?.columns.find((c) => c.name === column)?.type : view.types[at];
  return new Map(
    names.flatMap((column, at): [string, Reads | null][] => {
      const type = column === null ? null : typeOf(column, at);
      return column === null ? [] : [[column, type == null ? "unknown" : reads(type)]];
    }),
  );
}

const isRange = (value: unknown): value is RangeVar =>
  typeof value === "object" && value !== null && "relname" in value;

const inColumns = (columns: Shown, column: string): Reads | null =>
  columns === "unknown" ? columns : (columns?.get(column) ?? null);

/** All that may have a column of the name, and be meant, must agree. */
function resolved(parts: readonly string[], ranges: readonly Range[]): Reads | null {
  const column = parts.at(-1) ?? "";
  const table = parts.at(-2);
  const meant = ranges.filter(({ called }) => table === undefined || called === table);
  if (meant.some(({ columns }) => columns === null)) return null;
  const having = meant.filter(({ columns }) => columns === "unknown" || columns?.has(column));
  const [first, ...others] = new Set(having.map(({ columns }) => inColumns(columns, column)));
  if (first === undefined) return null;
  if (others.length === 0) return first;
  return having.some(({ columns }) => columns === "unknown") ? "unknown" : null;
}

/** Rows whose columns are not told. */
const MADE: ReadonlySet<string> = new Set(["RangeFunction", "RangeTableFunc", "JsonTable", "JoinExpr"]);
/** What is made, or pointed at: no column of it is named. */
const UNREAD: ReadonlySet<string> = new Set(["view", "rel", "pktable", "inhRelations"]);

interface Alias {
  readonly aliasname?: string;
  readonly colnames?: readonly Node[];
}

/** Columns in order, under the names that an alias gives the first of them. */
function called(columns: Shown, names: readonly Node[] | undefined): Shown {
  if (names === undefined || !(columns instanceof Map)) return columns;
  const given = strings(names);
  return new Map([...columns].map(([name, reads], at) => [given[at] ?? name, reads]));
}

/** What the queries of WITH show, each of which sees those in front of it. */
function withQueries(statement: Node | undefined, asked: Asked, outer: ReadonlyMap<string, Shown>): Map<string, Shown> {
  const found: CommonTableExpr[] = [];
  walk(statement, (kind, node) => {
    if (kind === "CommonTableExpr") found.push(node as CommonTableExpr);
  });
  const made = new Map([...outer, ...found.map(({ ctename = "" }): [string, Shown] => [ctename, null])]);
  for (const { ctename = "", ctequery, aliascolnames } of found.toSorted(
    (a, b) => (a.location ?? 0) - (b.location ?? 0),
  ))
    made.set(ctename, called(queryShows(ctequery, asked, made), aliascolnames));
  return made;
}

/** What a table, a view or a query of WITH shows. */
const shownIn = (range: RangeVar, { known }: Asked, made: ReadonlyMap<string, Shown>): Shown => {
  const own = range.schemaname === undefined ? made.get(range.relname ?? "") : undefined;
  return own === undefined ? known(range) : own;
};

/** What a query shows, and what it shows that of. */
interface Showing {
  readonly targets: readonly Node[];
  readonly from: readonly Node[];
}

/** RETURNING of a change shows columns as a SELECT does; null where the query does neither. */
function showingOf(query: Node | undefined): Showing | null {
  const select = body(query, "SelectStmt");
  if (select !== null) return { targets: select.targetList ?? [], from: select.fromClause ?? [] };
  const update = body(query, "UpdateStmt");
  const removal = body(query, "DeleteStmt");
  const change = update ?? removal ?? body(query, "InsertStmt");
  if (change?.relation === undefined || change.returningClause === undefined) return null;
  const from = [{ RangeVar: change.relation }, ...(update?.fromClause ?? []), ...(removal?.usingClause ?? [])];
  return { targets: change.returningClause.exprs ?? [], from };
}

/** Whether rows may have the column that a value names. */
function mayName(value: Node | undefined, ranges: readonly Range[]): boolean {
  const parts = strings(body(value, "ColumnRef")?.fields);
  const [column = "", table] = parts.toReversed();
  const meant = ranges.filter(({ called }) => table === undefined || called === table);
  return meant.some(({ columns }) => columns === null || columns === "unknown" || columns.has(column));
}

/**
 * The columns of a query, in order; of several that are joined by UNION they are called as those of the first.
 *
 * @param beside rows that LATERAL lets it name: those in front of it
 */
function queryShows(
  query: Node | undefined,
  asked: Asked,
  outer: ReadonlyMap<string, Shown>,
  beside: readonly Range[] = [],
): Shown {
  const [select, showing] = [body(query, "SelectStmt"), showingOf(query)];
  if (showing === null || select?.valuesLists !== undefined) return null;
  if (select?.larg !== undefined)
    return queryShows({ SelectStmt: select.larg }, asked, withQueries(query, asked, outer), beside);
  const ranges = rangesOf(query, asked, outer);
  const made = withQueries(query, asked, outer);
  const shown = new Map<string, Reads | null>();
  for (const { name, val } of bodies(showing.targets, "ResTarget")) {
    const fields = body(val, "ColumnRef")?.fields ?? [];
    if (!fields.some((field) => "A_Star" in field)) {
      const around = fields.length === 2 && !mayName(val, ranges) ? beside : ranges;
      shown.set(name ?? nameOf(val), asked.readsOf(val, around));
      continue;
    }
    const all = showing.from.map((item) => itemShows(item, strings(fields).at(-1), asked, made));
    for (const columns of all) {
      if (columns === "unknown" || columns === null) return columns;
      for (const [column, reads] of columns) shown.set(column, reads);
    }
  }
  return shown;
}

/** What a value is called that is given no name: as its column, behind whatever cast. */
function nameOf(value: Node | undefined): string {
  const cast = body(value, "TypeCast");
  return cast === null ? (strings(body(value, "ColumnRef")?.fields).at(-1) ?? "") : nameOf(cast.arg);
}

/** What `*`, or `t.*`, shows of something in FROM. */
function itemShows(item: Node, table: string | undefined, asked: Asked, made: ReadonlyMap<string, Shown>): Shown {
  const join = body(item, "JoinExpr");
  if (join !== null) {
    const [left, right] = [join.larg, join.rarg].map((side) =>
      side === undefined ? null : itemShows(side, table, asked, made),
    );
    return left instanceof Map && right instanceof Map ? new Map([...left, ...right]) : null;
  }
  const [range, subselect] = [body(item, "RangeVar"), body(item, "RangeSubselect")];
  const alias = (range ?? subselect)?.alias;
  if (table !== undefined && table !== (alias?.aliasname ?? range?.relname)) return new Map();
  const shown = range === null ? queryShows(subselect?.subquery, asked, made) : shownIn(range, asked, made);
  return called(shown, alias?.colnames);
}

const calledBy = ({ alias, relname = "" }: RangeVar): string => alias?.aliasname ?? relname;

/** The tables of a query's own FROM, which LATERAL names; those alone of whose name there is no other in it. */
function besides(query: Node | undefined, asked: Asked, made: ReadonlyMap<string, Shown>): readonly Range[] {
  const all: string[] = [];
  walk(query, (kind, node) => {
    if (kind === "RangeVar") all.push(calledBy(node as RangeVar));
  });
  const tablesIn = (item: Node | undefined): readonly RangeVar[] => {
    const [join, table] = [body(item, "JoinExpr"), body(item, "RangeVar")];
    if (join !== null) return [join.larg, join.rarg].flatMap(tablesIn);
    return table === null || all.filter((one) => one === calledBy(table)).length > 1 ? [] : [table];
  };
  return (body(query, "SelectStmt")?.fromClause ?? []).flatMap(tablesIn).map((range) => ({
    called: calledBy(range),
    columns: called(shownIn(range, asked, made), range.alias?.colnames),
  }));
}

/** @param outer what queries of WITH around the statement show */
function rangesOf(statement: Node | undefined, asked: Asked, outer: ReadonlyMap<string, Shown>): readonly Range[] {
  const found: Range[] = [];
  const made = withQueries(statement, asked, outer);
  const beside = besides(statement, asked, made);
  walk(statement, (kind, node) => {
    const alias = (node as { alias?: Alias }).alias;
    if (kind === "RangeSubselect") {
      const { subquery, lateral } = node as { subquery?: Node; lateral?: boolean };
      const shown = queryShows(subquery, asked, made, lateral === true ? beside : []);
      found.push({ called: alias?.aliasname ?? "", columns: called(shown, alias?.colnames) });
    }
    if (MADE.has(kind) && (kind !== "JoinExpr" || alias !== undefined))
      found.push({ called: alias?.aliasname ?? "", columns: null });
  });
  const note = (range: RangeVar, own: readonly Node[]) => {
    const { relname = "", alias } = range;
    const columns = shownIn(range, asked, made);
    const defined = bodies(own, "ColumnDef").map((d) => [d.colname ?? "", asked.typeOf(d.typeName)] as const);
    const all = defined.length === 0 ? columns : new Map([...(columns instanceof Map ? columns : []), ...defined]);
    found.push({ called: alias?.aliasname ?? relname, columns: called(all, alias?.colnames) });
    return all;
  };
  const stack: unknown[] = [statement];
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    if (typeof value !== "object" || value === null) continue;
    for (const [key, child] of Object.entries(value)) {
      if (UNREAD.has(key)) continue;
      if (isRange(child)) found.push(...rowsOf(key, note(child, definitionsOf(value))));
      else stack.push(child);
    }
  }
  const domain = body(statement, "CreateDomainStmt");
  const value = domain === null ? [] : [{ called: "", columns: new Map([["value", asked.typeOf(domain.typeName)]]) }];
  return [...found, ...value];
}

/** The rows of a trigger and a rule, and the one that ON CONFLICT has met, are of the statement's own table. */
const rowsOf = (key: string, columns: Shown): readonly Range[] =>
  key === "relation" ? ["new", "old", "excluded"].map((called) => ({ called, columns })) : [];

/** The columns that CREATE TABLE and ALTER TABLE define. */
function definitionsOf(statement: object): readonly Node[] {
  const { tableElts, cmds } = statement as { tableElts?: readonly Node[]; cmds?: readonly Node[] };
  return [...(tableElts ?? []), ...bodies(cmds, "AlterTableCmd").flatMap(({ def }) => def ?? [])];
}
