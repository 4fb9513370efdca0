import type {
  A_Const,
  A_Expr,
  BoolExpr,
  ColumnRef,
  FuncCall,
  Node,
  RangeVar,
  SelectStmt,
  SubLink,
  TypeCast,
} from "libpg-query";
import type { ViewQuery } from "../../../../../model/detail/view-shape.js";
import { bodies, body, strings, walk } from "../../ast.js";

/** What WITH names; null for what is not told. */
export type Queries = ReadonlyMap<string, ViewQuery | null>;

/** What the names in front of columns mean. */
export interface Scope {
  /** The table of an alias. */
  readonly tables: ReadonlyMap<string, string>;
  /** The only table; null where a column without a table may be of several. */
  readonly only: string | null;
  readonly queries: Queries;
  /** Reads a query that stands in an expression; null where it is not looked into. */
  readonly inside: (query: SelectStmt, scope: Scope) => ViewQuery | null;
}

export const NOWHERE: Scope = Object.freeze({
  tables: new Map<string, string>(),
  only: null,
  queries: new Map(),
  inside: () => null,
});

/** The scope of a SELECT: the names of its FROM in front of those of what is around it. */
export function scopeOf({ fromClause = [] }: SelectStmt, outer: Scope = NOWHERE): Scope {
  const tables = new Map(outer.tables);
  for (const range of rangesOf(fromClause)) tables.set(calledBy(range), tableOf(range, outer));
  const [only, another] = fromClause;
  const range = body(only, "RangeVar");
  const nested = body(only, "RangeSubselect")?.alias?.aliasname ?? null;
  const alone = outer.tables.size === 0 && another === undefined;
  return { ...outer, tables, only: !alone ? null : range === null ? nested : tableOf(range, outer) };
}

const calledBy = ({ relname = "", alias }: RangeVar): string => alias?.aliasname ?? relname;

/** What WITH names goes by its alias, but for a recursive one in itself. */
function tableOf(range: RangeVar, { queries }: Scope): string {
  const { schemaname, relname = "" } = range;
  const query = schemaname === undefined ? queries.get(relname) : undefined;
  return query === undefined || query === null ? relname : calledBy(range);
}

/** The tables that a FROM names itself, and not in a query. */
function rangesOf(from: readonly Node[]): RangeVar[] {
  return from.flatMap((item) => {
    const range = body(item, "RangeVar");
    if (range !== null) return [range];
    const join = body(item, "JoinExpr");
    return rangesOf([join?.larg, join?.rarg].filter((arg): arg is Node => arg !== undefined));
  });
}

/** An expression in a form that only depends on what it means: without places, aliases, and casts to text. */
export function normalText(value: unknown, scope: Scope): string {
  if (Array.isArray(value))
    return value
      .filter((one) => !isSystemSchema(one))
      .map((one) => normalText(one, scope))
      .join(", ");
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return Object.entries(value)
    .filter(([key]) => !/location$|^stmt_len$/.test(key))
    .map(([key, child]) => nodeText(key, child, scope))
    .join(" ");
}

const isSystemSchema = (node: unknown): boolean =>
  typeof node === "object" && node !== null && body(node as Node, "String")?.sval === "pg_catalog";

function nodeText(key: string, child: unknown, scope: Scope): string {
  switch (key) {
    case "ColumnRef":
      return columnText(child as ColumnRef, scope);
    case "A_Const":
      return constantText(child as A_Const);
    case "TypeCast":
      return castText(child as TypeCast, scope);
    case "A_Expr":
      return expressionText(child as A_Expr, scope) ?? `${key}(${normalText(child, scope)})`;
    case "BoolExpr":
      return logicText(child as BoolExpr, scope);
    case "RangeVar":
      return rangeText(child as RangeVar);
    case "SubLink":
      return valueText(child as SubLink, scope) ?? `${key}(${normalText(child, scope)})`;
    case "SelectStmt":
      return `SelectStmt(${normalText(child, scopeOf(child as SelectStmt, scope))})`;
    default:
      return `${key}(${normalText(child, scope)})`;
  }
}

/**
 * `(SELECT auth.uid())` is what it selects. Null for any other query, and for what is no longer the same without its SELECT: a
 * count, and what depends on columns, which may be one.
 */
function valueText({ subLinkType, subselect }: SubLink, scope: Scope): string | null {
  const select = body(subselect, "SelectStmt");
  if (subLinkType !== "EXPR_SUBLINK" || select === null || !Object.keys(select).every((key) => PLAIN.has(key)))
    return null;
  const [only, another] = bodies(select.targetList, "ResTarget");
  if (only?.val === undefined || another !== undefined || select.op !== "SETOP_NONE") return null;
  return dependsOnRows(only.val) ? null : normalText(only.val, scope);
}

function dependsOnRows(value: Node): boolean {
  let found = false;
  walk(value, (kind, node) => {
    found ||= kind === "ColumnRef" || (kind === "FuncCall" && (node as FuncCall).agg_star === true);
  });
  return found;
}

/** All that a SELECT of nothing but values has. */
const PLAIN: ReadonlySet<string> = new Set(["targetList", "limitOption", "op"]);

/** pg_get_viewdef writes the operator of LIKE, and both comparisons of BETWEEN. */
function expressionText({ kind, name, lexpr, rexpr }: A_Expr, scope: Scope): string | null {
  const left = normalText(lexpr, scope);
  const ends = (body(rexpr, "List")?.items ?? []).map((end) => normalText(end, scope));
  if (kind === "AEXPR_BETWEEN") return `(${left} >= ${ends[0]} and ${left} <= ${ends[1]})`;
  if (kind !== "AEXPR_OP" && kind !== "AEXPR_LIKE" && kind !== "AEXPR_ILIKE") return null;
  return `(${lexpr === undefined ? "" : `${left} `}${strings(name).at(-1) ?? ""} ${normalText(rexpr, scope)})`;
}

function logicText({ boolop, args = [] }: BoolExpr, scope: Scope): string {
  const texts = args.map((each) => normalText(each, scope));
  if (boolop === "NOT_EXPR") return `not ${texts.join("")}`;
  return `(${texts.join(boolop === "AND_EXPR" ? " and " : " or ")})`;
}

const rangeText = ({ relname = "", inh }: RangeVar): string => `${inh === true ? "" : "only "}${relname}`;

function columnText({ fields }: ColumnRef, { tables, only }: Scope): string {
  const star = (fields ?? []).some((field) => "A_Star" in field);
  const names = [...strings(fields), ...(star ? ["*"] : [])];
  const table = names.at(-2);
  return `${table === undefined ? (only ?? "?") : (tables.get(table) ?? table)}→${names.at(-1) ?? ""}`;
}

function constantText({ ival, fval, sval, boolval, isnull }: A_Const): string {
  if (isnull === true) return "null";
  if (boolval !== undefined) return String(boolval.boolval ?? false);
  if (ival !== undefined) return String(ival.ival ?? 0);
  return fval === undefined ? JSON.stringify(sval?.sval ?? "") : (fval.fval ?? "");
}

/** What pg_get_viewdef writes has a cast on every text, and list of texts. */
function castText(cast: TypeCast, scope: Scope): string {
  const name = strings(cast.typeName?.names).at(-1) ?? "";
  const plain = cast.typeName?.typmods === undefined;
  const inner = normalText(cast.arg, scope);
  const literal = body(cast.arg, "A_Const")?.sval !== undefined;
  return plain && (literal || TEXTS.has(name)) ? inner : `cast(${inner} as ${normalText(cast.typeName, scope)})`;
}

const TEXTS: ReadonlySet<string> = new Set(["text", "varchar", "bpchar"]);
