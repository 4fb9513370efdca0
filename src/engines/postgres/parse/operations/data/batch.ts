import type { ColumnRef, DeleteStmt, Node, RangeVar, SelectStmt, UpdateStmt } from "libpg-query";
import type { DataChange } from "../../../../../model/detail/data.js";
import { bodies, body, contains, strings, walk } from "../../ast.js";
import { conjuncts } from "./bounds.js";
import { ctesOf, writtenRows } from "./written-rows.js";

type Change = Pick<UpdateStmt & DeleteStmt, "relation" | "whereClause" | "withClause" | "fromClause" | "usingClause">;
type Batch = NonNullable<DataChange["batch"]>;

/** How an UPDATE or DELETE is bounded by the LIMIT of a query; empty where it is not. */
export function batchOf(stmt: Change): Pick<DataChange, "batch"> {
  const ctes = bodies(stmt.withClause?.ctes, "CommonTableExpr");
  // One that writes is not bounded by this.
  if (ctes.some(({ ctequery }) => body(ctequery, "SelectStmt") === null)) return {};
  const conditions = conjuncts(stmt.whereClause);
  const asked = conditions.map((each) => askedFor(each, stmt.relation ?? {})).find((one) => one !== null);
  const batch = asked ?? joinedTo(stmt, conditions);
  return batch === null ? {} : { batch: Object.freeze(batch) };
}

/** `id IN (SELECT id FROM t LIMIT 1000)`, `ctid = ANY (ARRAY(SELECT ctid FROM t LIMIT 1000))`. */
function askedFor(node: Node, target: RangeVar): Batch | null {
  const each = body(node, "A_Expr");
  const compares = each?.kind === "AEXPR_OP_ANY" && strings(each.name)[0] === "=";
  const link = body(compares ? each.rexpr : node, "SubLink");
  if (link === null || link.subLinkType !== (compares ? "ARRAY_SUBLINK" : "ANY_SUBLINK")) return null;
  if (!compares && link.operName !== undefined && strings(link.operName)[0] !== "=") return null;
  const query = body(link.subselect, "SelectStmt");
  const listed = query === null ? null : listedRows(query);
  const columns = columnsIn(compares ? each.lexpr : link.testexpr);
  if (listed !== null) return { columns, rows: listed, written: true };
  const rows = limitOf(query);
  if (query === null || rows === null || !standsAlone(query, target)) return null;
  return { columns, rows };
}

/** `SELECT v FROM (VALUES (1), (2)) t (v)`: rows that are written out, and no column of the table around it. */
function listedRows({ fromClause = [], targetList, whereClause, valuesLists, ...more }: SelectStmt): number | null {
  const whole = { ...more, ...(valuesLists === undefined ? {} : { valuesLists }) };
  if (valuesLists !== undefined) return contains(valuesLists, COLUMNS) ? null : writtenRows(whole);
  const [only, another] = bodies(fromClause, "RangeSubselect");
  const query = body(only?.subquery, "SelectStmt");
  if (query === null || another !== undefined || fromClause.length !== 1 || contains(query, COLUMNS)) return null;
  const own = new Set(strings(only?.alias?.colnames));
  const asked = bodies(targetList, "ResTarget").map(({ val }) => fieldsOf(val).at(-1) ?? "");
  return asked.length > 0 && asked.every((name) => own.has(name)) ? writtenRows(query) : null;
}

const COLUMNS: ReadonlySet<string> = new Set(["ColumnRef", "SubLink", "FuncCall"]);

/** `FROM (SELECT id FROM t LIMIT 1000) b WHERE t.id = b.id`, or the same with a name of WITH. */
function joinedTo(stmt: Change, conditions: readonly Node[]): Batch | null {
  const others = stmt.fromClause ?? stmt.usingClause ?? [];
  const [other] = others;
  const source = other === undefined || others.length !== 1 ? null : sourceOf(other, stmt);
  if (source === null) return null;
  const columns = conditions.flatMap((each) => comparedWith(each, source.alias) ?? []);
  return { columns, rows: source.rows, ...(source.written ? { written: true } : {}) };
}

interface Rows {
  readonly alias: string;
  readonly rows: number;
  readonly written: boolean;
}

function sourceOf(node: Node, { withClause }: Change): Rows | null {
  const inner = body(node, "RangeSubselect");
  const table = body(node, "RangeVar");
  const ctes = bodies(withClause?.ctes, "CommonTableExpr");
  const named = table?.schemaname === undefined ? ctes.find(({ ctename }) => ctename === table?.relname) : undefined;
  const query = body(inner === null ? named?.ctequery : inner.subquery, "SelectStmt");
  const out = writtenRows(query, ctesOf(withClause));
  const rows = out ?? limitOf(query);
  const alias = (inner ?? table)?.alias?.aliasname ?? table?.relname;
  return rows === null || alias === undefined || inner?.lateral === true
    ? null
    : { alias, rows, written: out !== null };
}

/** The other column of `t.id = b.id`, in either order. */
function comparedWith(node: Node, alias: string): string | null {
  const each = body(node, "A_Expr");
  if (each?.kind !== "AEXPR_OP" || strings(each.name)[0] !== "=") return null;
  const [left, right] = [fieldsOf(each.lexpr), fieldsOf(each.rexpr)];
  const isSource = (fields: readonly string[]) => fields.at(-2) === alias;
  if (isSource(left) === isSource(right)) return null;
  return (isSource(left) ? right : left).at(-1) ?? null;
}

const fieldsOf = (node: Node | undefined): readonly string[] => strings(body(node, "ColumnRef")?.fields);

function columnsIn(node: Node | undefined): readonly string[] {
  const row = body(node, "RowExpr");
  return (row === null ? [node] : (row.args ?? [])).flatMap((each) => fieldsOf(each).at(-1) ?? []);
}

/** The number of LIMIT; FETCH FIRST ... WITH TIES gives any number. */
export function limitOf(query: SelectStmt | null): number | null {
  if (query === null || query.limitOption === "LIMIT_OPTION_WITH_TIES") return null;
  return body(query.limitCount, "A_Const")?.ival?.ival ?? null;
}

/**
 * Whether a query is about no row of the table around it, for each of which it would be asked again: it reads that table
 * itself, so that a bare column is its own, and whatever else is named with its table.
 */
function standsAlone(query: SelectStmt, target: RangeVar): boolean {
  const own = new Set<string>();
  const named = new Set<string>();
  walk(query, (kind, node) => {
    if (kind === "ColumnRef") named.add(tableNamed(node as ColumnRef));
    const { alias, relname } = kind.startsWith("Range") ? (node as RangeVar) : {};
    own.add(alias?.aliasname ?? relname ?? "");
  });
  const reads = tablesOf(query.fromClause ?? []).some(({ relname }) => relname === target.relname);
  return reads && [...named].every((name) => own.has(name));
}

/** The `t` of `t.id` and `t.*`; empty for a bare column. */
function tableNamed({ fields = [] }: ColumnRef): string {
  const names = strings(fields);
  return (names.length === fields.length ? names.at(-2) : names.at(-1)) ?? "";
}

/** The tables of a FROM, those of its joins among them. */
function tablesOf(from: readonly (Node | undefined)[]): readonly RangeVar[] {
  return from.flatMap((node) => {
    const join = body(node, "JoinExpr");
    return join === null ? (body(node, "RangeVar") ?? []) : tablesOf([join.larg, join.rarg]);
  });
}
