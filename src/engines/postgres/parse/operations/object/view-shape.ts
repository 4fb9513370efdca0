import type { JoinExpr, Node, SelectStmt, ViewStmt } from "libpg-query";
import type { ViewPart, ViewShape, ViewWrite } from "../../../../../model/detail/view-shape.js";
import { bodies, body, relationOf, strings } from "../../ast.js";
import { conditionsOf } from "./normal-condition.js";
import { normalText, type Scope, scopeOf } from "./normal-text.js";

/**
 * What a view's query lets through; null where that is not told: VALUES, INTERSECT, EXCEPT, a mixture of both UNIONs, what is
 * nested deeper than a person writes.
 */
export function viewShape(query: Node | undefined, check: ViewShape["check"] = null): ViewShape | null {
  const select = isDeep(query) ? null : body(query, "SelectStmt");
  const selects = select === null ? null : selectsOf(select, select.all === true);
  if (select === null || selects === null) return null;
  const text = (node: Node | undefined) => (node === undefined ? null : normalText(node, scopeOf(select)));
  const union = selects.length === 1 ? null : select.all === true ? "union all" : "union";
  const limit = text(select.limitCount);
  return Object.freeze({
    parts: Object.freeze(selects.map(partOf)),
    union,
    limit: limit === "null" ? null : limit,
    offset: text(select.limitOffset),
    takes: isWritable(select) ? ALL : Object.freeze([]),
    check,
  });
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

/** Those that UNION puts together, all in the same way. */
function selectsOf(select: SelectStmt, all: boolean): SelectStmt[] | null {
  if (select.valuesLists !== undefined) return null;
  if ((select.op ?? "SETOP_NONE") === "SETOP_NONE") return [select];
  const { larg, rarg } = select;
  if (select.op !== "SETOP_UNION" || (select.all === true) !== all || larg === undefined || rarg === undefined)
    return null;
  const [left, right] = [selectsOf(larg, all), selectsOf(rarg, all)];
  return left === null || right === null ? null : [...left, ...right];
}

function partOf(select: SelectStmt): ViewPart {
  const scope = scopeOf(select);
  const ctes = bodies(select.withClause?.ctes, "CommonTableExpr").map(({ ctename = "" }) => ctename);
  const from: From = { tables: [], others: [], outer: [], on: [], ctes: new Set(ctes) };
  for (const item of select.fromClause ?? []) readItem(item, scope, from);
  const having = conditionsOf(select.havingClause, scope);
  return Object.freeze({
    shown: Object.freeze(bodies(select.targetList, "ResTarget").map(({ val }) => normalText(val, scope))),
    tables: Object.freeze(from.tables),
    others: Object.freeze(from.others),
    outer: Object.freeze(from.outer),
    conditions: Object.freeze([...from.on, ...conditionsOf(select.whereClause, scope), ...having]),
    distinct: distinctOf(select, scope),
    grouped: groupedOf(select, scope),
  });
}

type From = { -readonly [K in "tables" | "others" | "outer"]: ViewPart[K][number][] } & {
  on: ViewPart["conditions"][number][];
  readonly ctes: ReadonlySet<string>;
};

function readItem(item: Node, scope: Scope, from: From): void {
  const range = body(item, "RangeVar");
  const join = body(item, "JoinExpr");
  const isCte = range?.schemaname === undefined && from.ctes.has(range?.relname ?? "");
  if (range !== null && range.inh === true && !isCte) from.tables.push(relationOf(range));
  else if (join === null) from.others.push(normalText(item, scope));
  else readJoin(join, scope, from);
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
