import type { JoinExpr, Node, RangeSubselect, RangeVar, SelectStmt, ViewStmt } from "libpg-query";
import type {
  ViewCondition,
  ViewPart,
  ViewQuery,
  ViewShape,
  ViewWrite,
} from "../../../../../model/detail/view-shape.js";
import { plain } from "../../../../view-condition.js";
import { bodies, body, relationOf, strings } from "../../ast.js";
import { conditionsOf } from "./normal-condition.js";
import { normalText, type Scope, scopeOf } from "./normal-text.js";

/**
 * What a view's query lets through; null where that is not told: VALUES, a mixture of both UNIONs, what is
 * nested deeper than a person writes.
 */
export function viewShape(query: Node | undefined, check: ViewShape["check"] = null): ViewShape | null {
  const select = isDeep(query) ? null : body(query, "SelectStmt");
  return select === null ? null : shapeOf(select, NO_QUERIES, check);
}

/** What WITH names; null for what is not told. */
type Queries = ReadonlyMap<string, ViewShape | null>;

const NO_QUERIES: Queries = new Map();

function shapeOf(select: SelectStmt, outer: Queries, check: ViewShape["check"] = null): ViewShape | null {
  const queries = queriesOf(select, outer);
  const kept = leftmost(select);
  const arms = armsOf(select, kept.all === true);
  if (arms === null) return null;
  const text = (node: Node | undefined) => (node === undefined ? null : normalText(node, scopeOf(select)));
  const union = arms.length === 1 ? null : kept.all === true ? "union all" : "union";
  const limit = text(select.limitCount);
  return Object.freeze({
    parts: Object.freeze(
      arms.map((arm) => partOf(arm, arm.select === select ? queries : queriesOf(arm.select, queries))),
    ),
    union,
    limit: limit === "null" ? null : limit,
    offset: text(select.limitOffset),
    takes: isWritable(select) ? ALL : Object.freeze([]),
    check,
  });
}

/** Those of WITH, each of which may read those in front of it. One that reads itself is not told. */
function queriesOf({ withClause }: SelectStmt, outer: Queries): Queries {
  const known = new Map(outer);
  for (const { ctename = "", ctequery } of bodies(withClause?.ctes, "CommonTableExpr")) {
    const query = withClause?.recursive === true ? null : body(ctequery, "SelectStmt");
    known.set(ctename, query === null ? null : shapeOf(query, known));
  }
  return known;
}

/** As deep as the readers here, which call themselves, go for certain. */
const DEEPEST = 600;

function isDeep(tree: unknown): boolean {
  const stack: { readonly value: unknown; readonly depth: number }[] = [{ value: tree, depth: 0 }];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const { value, depth } = at;
    if (depth > DEEPEST) return true;
    if (typeof value !== "object" || value === null) continue;
    for (const child of Object.values(value)) stack.push({ value: child, depth: depth + 1 });
  }
  return false;
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

/** A SELECT, and what its rows must meet besides: not to be, or to be, rows of another one. */
interface Arm {
  readonly select: SelectStmt;
  readonly more: readonly ViewCondition[];
  readonly distinct: boolean;
}

/** The query whose rows EXCEPT and INTERSECT take some of. */
function leftmost(select: SelectStmt): SelectStmt {
  const takes = select.op === "SETOP_EXCEPT" || select.op === "SETOP_INTERSECT";
  return takes && select.larg !== undefined ? leftmost(select.larg) : select;
}

/** Those that UNION puts together, all in the same way. */
function armsOf(select: SelectStmt, all: boolean): Arm[] | null {
  const { larg, rarg, op = "SETOP_NONE" } = select;
  if (select.valuesLists !== undefined) return null;
  if (op === "SETOP_NONE") return [{ select, more: [], distinct: false }];
  if (larg === undefined || rarg === undefined) return null;
  const left = armsOf(larg, all);
  if (op === "SETOP_UNION") {
    const right = (select.all === true) === all ? armsOf(rarg, all) : null;
    return left === null || right === null ? null : [...left, ...right];
  }
  const word = op === "SETOP_EXCEPT" ? "not in" : "in";
  const met = plain(`${word} ${normalText({ SelectStmt: rarg }, scopeOf(rarg))}`);
  const distinct = select.all !== true;
  return left?.map((arm) => ({ ...arm, more: [...arm.more, met], distinct: arm.distinct || distinct })) ?? null;
}

function partOf({ select, more, distinct }: Arm, known: Queries): ViewPart {
  const scope = scopeOf(select);
  const from: From = { tables: [], others: [], queries: [], outer: [], on: [], known };
  for (const item of select.fromClause ?? []) readItem(item, scope, from);
  const having = conditionsOf(select.havingClause, scope);
  return Object.freeze({
    shown: Object.freeze(bodies(select.targetList, "ResTarget").map(({ val }) => normalText(val, scope))),
    tables: Object.freeze(from.tables),
    others: Object.freeze(from.others),
    ...(from.queries.length === 0 ? {} : { queries: Object.freeze(from.queries) }),
    outer: Object.freeze(from.outer),
    conditions: Object.freeze([...from.on, ...conditionsOf(select.whereClause, scope), ...having, ...more]),
    distinct: distinctOf(select, scope) ?? (distinct ? "all" : null),
    grouped: groupedOf(select, scope),
  });
}

type From = { -readonly [K in "tables" | "others" | "outer"]: ViewPart[K][number][] } & {
  on: ViewPart["conditions"][number][];
  queries: ViewQuery[];
  readonly known: Queries;
};

function readItem(item: Node, scope: Scope, from: From): void {
  const range = body(item, "RangeVar");
  const join = body(item, "JoinExpr");
  const isNamed = range?.schemaname === undefined && from.known.has(range?.relname ?? "");
  const query = isNamed ? namedQuery(range, from.known) : nestedQuery(body(item, "RangeSubselect"), from.known);
  if (query !== null) from.queries.push(Object.freeze(query));
  else if (range !== null && range.inh === true && !isNamed) from.tables.push(relationOf(range));
  else if (join === null) from.others.push(normalText(item, scope));
  else readJoin(join, scope, from);
}

function namedQuery(range: RangeVar | null, known: Queries): ViewQuery | null {
  const shape = known.get(range?.relname ?? "") ?? null;
  return range === null || shape === null ? null : { name: range.alias?.aliasname ?? range.relname ?? "", shape };
}

/** LATERAL goes by the rows of what stands beside it. */
function nestedQuery(range: RangeSubselect | null, known: Queries): ViewQuery | null {
  const select = range === null || range.lateral === true ? null : body(range.subquery, "SelectStmt");
  const shape = select === null ? null : shapeOf(select, known);
  return shape === null ? null : { name: range?.alias?.aliasname ?? "", shape };
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
