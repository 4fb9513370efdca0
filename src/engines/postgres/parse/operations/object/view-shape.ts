import type { JoinExpr, Node, RangeSubselect, RangeVar, SelectStmt, ViewStmt } from "libpg-query";
import type { ViewPart, ViewQuery, ViewShape, ViewWrite } from "../../../../../model/detail/view-shape.js";
import { flattened, type ReadQuery, type WrittenPart } from "../../../../view-flat.js";
import { limited, renamed, restricted, united, valuesOf } from "../../../../view-sets.js";
import { bodies, body, relationOf, strings } from "../../ast.js";
import { isDeep } from "./deep.js";
import { conditionsOf } from "./normal-condition.js";
import { NOWHERE, normalText, type Queries, type Scope, scopeOf } from "./normal-text.js";
import { outputOf } from "./view-outputs.js";

/** What a view's query lets through, and the names of its columns; null where that is not told: what is nested deeper than a person writes. */
export function viewShape(query: Node | undefined, check: ViewShape["check"] = null): Omit<ViewQuery, "name"> | null {
  const select = isDeep(query) ? null : body(query, "SelectStmt");
  const read = select === null ? null : queryOf(select, { ...NOWHERE, inside: queryOf });
  if (select === null || read === null) return null;
  const takes = isWritable(select) ? ALL : Object.freeze([]);
  return { columns: read.columns, shape: Object.freeze({ ...read.shape, takes, check }) };
}

/** What a query lets through, with the names of its columns; null where that is not told. */
function queryOf(select: SelectStmt, around: Scope): ViewQuery | null {
  const scope = { ...around, queries: queriesOf(select, around) };
  const all = setOf(select, scope);
  const text = (node: Node | undefined) => (node === undefined ? null : normalText(node, scope));
  const limit = text(select.limitCount);
  return all === null ? null : limited(all, limit === "null" ? null : limit, text(select.limitOffset));
}

/** Those of WITH, each of which may read those in front of it, and a recursive one itself. */
function queriesOf({ withClause }: SelectStmt, around: Scope): Queries {
  if (withClause === undefined) return around.queries;
  const queries = new Map(around.queries);
  for (const { ctename = "", ctequery, aliascolnames } of bodies(withClause.ctes, "CommonTableExpr")) {
    const select = body(ctequery, "SelectStmt");
    if (withClause.recursive === true) queries.set(ctename, null);
    const query = select === null ? null : queryOf(select, { ...around, queries });
    queries.set(ctename, query === null ? null : renamed(query, ctename, strings(aliascolnames)));
  }
  return queries;
}

const ALL: readonly ViewWrite[] = Object.freeze(["insert", "update", "delete"]);

/** `WITH CHECK OPTION`, or the option of that name. */
export function checkOf({ withCheckOption, options }: ViewStmt): ViewShape["check"] {
  if (withCheckOption === "LOCAL_CHECK_OPTION") return "local";
  if (withCheckOption === "CASCADED_CHECK_OPTION") return "cascaded";
  const option = bodies(options, "DefElem").find(({ defname }) => defname === "check_option");
  const value = body(option?.arg, "String")?.sval ?? strings(body(option?.arg, "TypeName")?.names).at(-1);
  return value === "local" || value === "cascaded" ? value : null;
}

/** UNION, EXCEPT and INTERSECT, VALUES, or a single SELECT. */
function setOf(select: SelectStmt, scope: Scope): ViewQuery | null {
  const { larg, rarg, op = "SETOP_NONE", valuesLists, all = false } = select;
  if (valuesLists !== undefined) return valuesOf(valuesLists.map((row) => normalText(row, scope)));
  if (op === "SETOP_NONE") return selectOf(select, scope);
  const [left, right] = [larg, rarg].map((arm) => (arm === undefined ? null : queryOf(arm, scope)));
  if (left === undefined || left === null || right === undefined || right === null) return null;
  if (op === "SETOP_UNION") return united(left, right, all);
  return restricted(left, right, op === "SETOP_EXCEPT" ? "except" : "intersect", all);
}

/** FULL JOIN shows what both outer joins show. */
function selectOf(select: SelectStmt, scope: Scope): ViewQuery {
  const join = body(select.fromClause?.length === 1 ? select.fromClause[0] : undefined, "JoinExpr");
  const as = (jointype: "JOIN_LEFT" | "JOIN_RIGHT"): ViewQuery =>
    readOf({ ...select, fromClause: [{ JoinExpr: { ...join, jointype } }] });
  const readOf = (one: SelectStmt) => flattened(partOf(one, scope));
  return join?.jointype === "JOIN_FULL" ? united(as("JOIN_LEFT"), as("JOIN_RIGHT"), true) : readOf(select);
}

function partOf(select: SelectStmt, around: Scope): WrittenPart {
  const scope = scopeOf(select, around);
  const from: From = { tables: [], others: [], queries: [], outer: [], on: [] };
  for (const item of select.fromClause ?? []) readItem(item, scope, from);
  const having = conditionsOf(select.havingClause, scope);
  const targets = bodies(select.targetList, "ResTarget");
  return Object.freeze({
    columns: Object.freeze(targets.map(outputOf)),
    shown: Object.freeze(targets.map(({ val }) => normalText(val, scope))),
    tables: Object.freeze(from.tables),
    others: Object.freeze(from.others),
    queries: Object.freeze(from.queries),
    outer: Object.freeze(from.outer),
    conditions: Object.freeze([...from.on, ...conditionsOf(select.whereClause, scope), ...having]),
    distinct: distinctOf(select, scope),
    grouped: groupedOf(select, scope),
  });
}

type From = { -readonly [K in "tables" | "others" | "outer"]: ViewPart[K][number][] } & {
  on: ViewPart["conditions"][number][];
  queries: ReadQuery[];
};

function readItem(item: Node, scope: Scope, from: From): void {
  const range = body(item, "RangeVar");
  const join = body(item, "JoinExpr");
  const query = readQuery(item, scope);
  if (query !== null) from.queries.push(Object.freeze(query));
  else if (range !== null && range.inh === true && !isNamed(range, scope)) from.tables.push(relationOf(range));
  else if (join === null) from.others.push(normalText(item, scope));
  else readJoin(join, scope, from);
}

const readQuery = (item: Node, scope: Scope): ViewQuery | null =>
  namedQuery(body(item, "RangeVar"), scope) ?? nestedQuery(body(item, "RangeSubselect"), scope);

const isNamed = ({ schemaname, relname = "" }: RangeVar, { queries }: Scope): boolean =>
  schemaname === undefined && queries.has(relname);

function namedQuery(range: RangeVar | null, scope: Scope): ViewQuery | null {
  const { relname = "", alias } = range ?? {};
  const query = range !== null && isNamed(range, scope) ? (scope.queries.get(relname) ?? null) : null;
  return query === null ? null : renamed(query, alias?.aliasname ?? relname, strings(alias?.colnames));
}

/** LATERAL goes by the rows of what stands beside it. */
function nestedQuery(range: RangeSubselect | null, scope: Scope): ViewQuery | null {
  const select = range === null || range.lateral === true ? null : body(range.subquery, "SelectStmt");
  const query = select === null ? null : queryOf(select, { ...scope, tables: new Map(), only: null });
  return query === null ? null : renamed(query, range?.alias?.aliasname ?? "", strings(range?.alias?.colnames));
}

/** What an outer join may find nothing in. */
function outerQueries(item: Node | undefined, scope: Scope): ReadQuery[] {
  if (item === undefined) return [];
  const join = body(item, "JoinExpr");
  const query = readQuery(item, scope);
  if (join !== null) return [...outerQueries(join.larg, scope), ...outerQueries(join.rarg, scope)];
  return query === null ? [] : [{ ...query, isOuter: true }];
}

function readJoin(join: JoinExpr, scope: Scope, from: From): void {
  const { jointype, larg, rarg, quals, usingClause, isNatural } = join;
  if (larg === undefined || rarg === undefined) return;
  const on = isNatural === true ? ["natural"] : strings(usingClause).map((name) => `using ${name}`);
  const [kept, other] = jointype === "JOIN_RIGHT" ? [rarg, larg] : [larg, rarg];
  if (jointype === "JOIN_FULL") from.others.push(normalText({ JoinExpr: join }, scope));
  else readItem(kept, scope, from);
  if (jointype === "JOIN_LEFT" || jointype === "JOIN_RIGHT") {
    const conditions = conditionsOf(quals, scope).map(({ text }) => text);
    from.queries.push(...outerQueries(other, scope));
    from.outer.push([normalText(other, scope), ...conditions.sort(), ...on].join(" and "));
  }
  if (jointype !== "JOIN_INNER") return;
  readItem(other, scope, from);
  const plain = on.map((text) => ({ kind: "plain", text }) as const);
  from.on.push(...conditionsOf(quals, scope), ...plain);
}

function distinctOf({ distinctClause }: SelectStmt, scope: Scope): string | null {
  if (distinctClause === undefined) return null;
  return distinctClause.every((node) => Object.keys(node).length === 0) ? "all" : normalText(distinctClause, scope);
}

function groupedOf(select: SelectStmt, scope: Scope): readonly string[] | null {
  const { groupClause, havingClause, targetList } = select;
  if (groupClause === undefined) return havingClause !== undefined || calls(targetList, AGGREGATES) ? [] : null;
  const targets = bodies(targetList, "ResTarget");
  const own = new Map(targets.map(({ name, val }) => [name, normalText(val, scope)]));
  return groupClause.map((node) => {
    const place = body(node, "A_Const")?.ival?.ival;
    if (place !== undefined) return normalText(targets[place - 1]?.val, scope);
    const fields = body(node, "ColumnRef")?.fields;
    const name = fields?.length === 1 ? strings(fields)[0] : undefined;
    return own.get(name) ?? normalText(node, scope);
  });
}

/** Whether the server writes through a view of it (PostgreSQL 14-18, CREATE VIEW, "Updatable Views"). */
function isWritable(select: SelectStmt): boolean {
  const {
    fromClause = [],
    distinctClause,
    groupClause,
    havingClause,
    limitCount,
    limitOffset,
    withClause,
    op,
  } = select;
  const stopped = [distinctClause, groupClause, havingClause, limitCount, limitOffset, withClause];
  if (stopped.some((part) => part !== undefined) || (op ?? "SETOP_NONE") !== "SETOP_NONE") return false;
  const table = fromClause.length === 1 && body(fromClause[0], "RangeVar") !== null;
  return table && !calls(select.targetList, new Set([...AGGREGATES, ...SETS])) && !hasWindow(select.targetList);
}

const hasWindow = (targets: readonly Node[] | undefined): boolean =>
  callsIn(targets).some(({ over }) => over !== undefined);

const calls = (targets: readonly Node[] | undefined, names: ReadonlySet<string>): boolean =>
  callsIn(targets).some((call) => call.over === undefined && names.has(strings(call.funcname).at(-1) ?? ""));

type Call = NonNullable<ReturnType<typeof body<"FuncCall">>>;

/** Calls of the query itself, and not of one inside of it. */
function callsIn(value: unknown): Call[] {
  const found: Call[] = [];
  const stack: unknown[] = [value];
  while (stack.length > 0) {
    const at = stack.pop();
    if (typeof at !== "object" || at === null || "SelectStmt" in at) continue;
    if ("FuncCall" in at) found.push(at.FuncCall as Call);
    stack.push(...Object.values(at));
  }
  return found;
}

const AGGREGATES: ReadonlySet<string> = new Set(
  `any_value array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count covar_pop covar_samp every json_agg jsonb_agg
json_object_agg jsonb_object_agg max min mode percentile_cont percentile_disc range_agg regr_slope stddev stddev_pop
stddev_samp string_agg sum var_pop var_samp variance xmlagg`.split(/\s+/),
);

/** Functions that give several rows. */
const SETS: ReadonlySet<string> = new Set(
  `generate_series generate_subscripts json_array_elements json_array_elements_text json_each json_object_keys
jsonb_array_elements jsonb_array_elements_text jsonb_each jsonb_object_keys regexp_matches regexp_split_to_table
string_to_table unnest`.split(/\s+/),
);
