import type { Node, RangeVar, SelectStmt, UpdateStmt } from "libpg-query";
import type { DataChange, RowCopy } from "../../../../../model/detail/data.js";
import { bodies, body, relationOf, strings } from "../../ast.js";
import { conjuncts } from "./bounds.js";

type Pair = RowCopy["columns"][number];

/** The two tables of an UPDATE as its expressions call them. */
interface Sides {
  readonly to: string;
  readonly from: string;
}

const aliasOf = ({ alias, relname }: RangeVar): string => alias?.aliasname ?? relname ?? "";

/** The column of `u.bio`, where it is one of the table that is called so. */
function columnIn(node: Node | undefined, alias: string): string | null {
  const fields = body(node, "ColumnRef")?.fields ?? [];
  const names = strings(fields);
  return names.length === 2 && fields.length === 2 && names[0] === alias ? (names[1] ?? null) : null;
}

/** `bio = u.bio`. */
function assigned(node: Node, { from }: Sides): Pair | null {
  const target = body(node, "ResTarget");
  const column = columnIn(target?.val, from);
  if (target?.name === undefined || target.indirection !== undefined || column === null) return null;
  return Object.freeze({ to: target.name, from: column });
}

/** `u.id = p.user_id`, in either order. */
function equal(node: Node, { to, from }: Sides): Pair | null {
  const each = body(node, "A_Expr");
  const [operator, another] = strings(each?.name);
  if (each?.kind !== "AEXPR_OP" || operator !== "=" || another !== undefined) return null;
  const pairs = [
    [each.lexpr, each.rexpr],
    [each.rexpr, each.lexpr],
  ].flatMap(([a, b]) => {
    const [mine, other] = [columnIn(a, to), columnIn(b, from)];
    return mine === null || other === null ? [] : [Object.freeze({ to: mine, from: other })];
  });
  return pairs[0] ?? null;
}

function copyOf(source: RangeVar, columns: readonly Pair[], conditions: readonly Node[], sides: Sides): RowCopy {
  const on = conditions.flatMap((node) => equal(node, sides) ?? []);
  return Object.freeze({
    from: relationOf(source),
    columns: Object.freeze(columns),
    on: Object.freeze(on),
    ...(on.length < conditions.length ? { more: true as const } : {}),
  });
}

/** The only table of a FROM, under its own columns' names. */
function onlyTable(from: readonly Node[] = []): RangeVar | null {
  const [table] = bodies(from, "RangeVar");
  return table === undefined || from.length !== 1 || table.alias?.colnames !== undefined ? null : table;
}

/** `SET a = u.a ... FROM u WHERE u.id = p.user_id`. */
function joined({ relation, fromClause, targetList = [], whereClause }: UpdateStmt): RowCopy | null {
  const source = onlyTable(fromClause);
  if (relation === undefined || source === null) return null;
  const sides = { to: aliasOf(relation), from: aliasOf(source) };
  const columns = targetList.flatMap((node) => assigned(node, sides) ?? []);
  if (columns.length === 0 || columns.length < targetList.length) return null;
  return copyOf(source, columns, conjuncts(whereClause), sides);
}

/** What such a query has and nothing else. */
const PLAIN: ReadonlySet<string> = new Set(["targetList", "fromClause", "whereClause", "limitOption", "op"]);

/** The query of `a = (SELECT u.a FROM u WHERE u.id = p.user_id)`. */
function lookedUp(node: Node): { readonly to: string; readonly query: SelectStmt } | null {
  const target = body(node, "ResTarget");
  const link = body(target?.val, "SubLink");
  const query = body(link?.subselect, "SelectStmt");
  if (target?.name === undefined || target.indirection !== undefined || query === null) return null;
  if (link?.subLinkType !== "EXPR_SUBLINK" || Object.keys(query).some((key) => !PLAIN.has(key))) return null;
  return (query.op ?? "SETOP_NONE") === "SETOP_NONE" ? { to: target.name, query } : null;
}

/** `SET a = (SELECT u.a FROM u WHERE u.id = p.user_id)`, of one column. */
function correlated({ relation, fromClause, targetList = [], whereClause }: UpdateStmt): RowCopy | null {
  const [only] = targetList;
  const found = only === undefined || targetList.length !== 1 || fromClause !== undefined ? null : lookedUp(only);
  const source = onlyTable(found?.query.fromClause);
  if (relation === undefined || found === null || source === null) return null;
  const sides = { to: aliasOf(relation), from: aliasOf(source) };
  const [value, another] = bodies(found.query.targetList, "ResTarget");
  const from = columnIn(value?.val, sides.from);
  if (from === null || another !== undefined) return null;
  const conditions = [...conjuncts(found.query.whereClause), ...conjuncts(whereClause)];
  const copy = copyOf(source, [Object.freeze({ to: found.to, from })], conditions, sides);
  return Object.freeze({ ...copy, empties: true as const });
}

/** An UPDATE that copies columns from the rows of another table; empty for any other. */
export function copiesOf(stmt: UpdateStmt): Pick<DataChange, "copies"> {
  if (stmt.withClause !== undefined) return {};
  const copies = joined(stmt) ?? correlated(stmt);
  return copies === null ? {} : { copies };
}
