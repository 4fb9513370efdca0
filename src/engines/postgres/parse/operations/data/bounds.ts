import type { A_Expr, ColumnRef, Node, SelectStmt, SubLink } from "libpg-query";
import type { Bound, Constant, NamedInCondition } from "../../../../../model/detail/bound.js";
import { eitherBound } from "../../../../either-bound.js";
import { bodies, body, relationOf, strings, walk } from "../../ast.js";

/** The conditions that AND joins. */
export function conjuncts(node: Node | undefined): readonly Node[] {
  const joined = body(node, "BoolExpr");
  if (joined?.boolop === "AND_EXPR") return (joined.args ?? []).flatMap(conjuncts);
  return node === undefined ? [] : [node];
}

/** What a condition bounds rows by. */
export const boundsOf = (where: Node | undefined): readonly Bound[] =>
  Object.freeze(conjuncts(where).flatMap(boundsIn));

function boundsIn(node: Node): readonly Bound[] {
  if (body(node, "A_Const")?.boolval !== undefined && body(node, "A_Const")?.boolval?.boolval !== true)
    return [{ kind: "never" }];
  const joined = body(node, "BoolExpr");
  if (joined?.boolop === "OR_EXPR") return eitherBound((joined.args ?? []).map(boundsOf));
  const compared = body(node, "A_Expr");
  if (compared === null) return askedFor(body(node, "SubLink"));
  const rows = rowsOf(compared);
  if (rows !== null) return rows;
  if (compared.kind === "AEXPR_BETWEEN") return between(compared);
  if (compared.kind === "AEXPR_OP") return byOperator(compared);
  return some(compared);
}

/** `a = 1`, `1 = a`, `a > 1`, `1 = 0`. */
function byOperator({ name, lexpr, rexpr }: A_Expr): readonly Bound[] {
  const sign = strings(name).at(-1) ?? "";
  const [left, right] = [columnOf(lexpr), columnOf(rexpr)];
  if (left !== null) return compared(left, sign, rexpr);
  if (right !== null) return compared(right, MIRRORED[sign] ?? sign, lexpr);
  const [one, other] = [numberOf(lexpr), numberOf(rexpr)];
  return sign === "=" && one !== null && other !== null && one !== other ? [{ kind: "never" }] : [];
}

const MIRRORED: Readonly<Record<string, string>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

function compared(column: NamedInCondition, sign: string, to: Node | undefined): readonly Bound[] {
  const value = numberOf(to);
  if (sign === "=") return isOneOf(column, [to]);
  if (value === null) return [];
  if (sign === ">" || sign === ">=") return [{ kind: "least", column, value }];
  return sign === "<" || sign === "<=" ? [{ kind: "most", column, value }] : [];
}

function isOneOf(column: NamedInCondition, nodes: readonly (Node | undefined)[]): readonly Bound[] {
  const values = nodes.map(constantOf);
  return values.length === 0 || values.includes(null)
    ? []
    : [{ kind: "is", column, values: values.filter((value) => value !== null) }];
}

/** `a IN (1, 2)`, `a = ANY (ARRAY[1, 2])`, `a = ANY ('{1,2}')`. */
function some({ kind, name, lexpr, rexpr }: A_Expr): readonly Bound[] {
  const column = columnOf(lexpr);
  if (column === null || strings(name).at(-1) !== "=") return [];
  if (kind === "AEXPR_IN") return isOneOf(column, body(rexpr, "List")?.items ?? []);
  if (kind !== "AEXPR_OP_ANY") return [];
  const array = uncast(rexpr);
  if (body(array, "A_Const")?.sval !== undefined) return isOneOf(column, [array]);
  return isOneOf(column, body(array, "A_ArrayExpr")?.elements ?? []);
}

/** `a IN (SELECT id FROM orgs WHERE code = 'x')`, `a = ANY (SELECT ...)`. */
function askedFor(link: SubLink | null): readonly Bound[] {
  const column = columnOf(link?.testexpr);
  if (link?.subLinkType !== "ANY_SUBLINK" || column === null || (strings(link.operName).at(-1) ?? "=") !== "=")
    return [];
  const select = body(link.subselect, "SelectStmt");
  const found = lookedUp(select);
  if (found === null || select?.withClause !== undefined) return [];
  return [{ kind: "is", column, values: [{ ...found, kind: "found", bounds: boundsOf(select?.whereClause) }] }];
}

function between({ lexpr, rexpr }: A_Expr): readonly Bound[] {
  const column = columnOf(lexpr);
  const [least, most] = (body(rexpr, "List")?.items ?? []).map(numberOf);
  if (column === null || least === null || least === undefined || most === null || most === undefined) return [];
  return [
    { kind: "least", column, value: least },
    { kind: "most", column, value: most },
  ];
}

/** `(a, b) = (1, 2)`, and `(a, b) IN ((1, 2), (3, 4))` as what each column may be; null where no rows are compared. */
function rowsOf({ kind, name, lexpr, rexpr }: A_Expr): readonly Bound[] | null {
  const columns = body(lexpr, "RowExpr")?.args;
  if (columns === undefined) return null;
  const rows = kind === "AEXPR_IN" ? (body(rexpr, "List")?.items ?? []) : [rexpr];
  const values = rows.map((row) => body(row, "RowExpr")?.args ?? []);
  const isEqual = strings(name).at(-1) === "=" && (kind === "AEXPR_IN" || kind === "AEXPR_OP");
  if (!isEqual || values.some(({ length }) => length !== columns.length)) return [];
  return columns.flatMap((each, at) => {
    const column = columnOf(each);
    return column === null
      ? []
      : isOneOf(
          column,
          values.map((row) => row[at]),
        );
  });
}

function columnOf(node: Node | undefined): NamedInCondition | null {
  const fields = body(node, "ColumnRef")?.fields;
  const names = strings(fields);
  const name = names.at(-1);
  return name === undefined || names.length !== fields?.length ? null : { table: names.at(-2) ?? null, name };
}

function uncast(node: Node | undefined): Node | undefined {
  const cast = body(node, "TypeCast");
  return cast === null ? node : uncast(cast.arg);
}

function numberOf(node: Node | undefined): number | null {
  const value = body(uncast(node), "A_Const");
  if (value?.fval?.fval !== undefined) return Number(value.fval.fval);
  // The tree leaves a zero out.
  return value?.ival === undefined ? null : (value.ival.ival ?? 0);
}

type LookedUp = Extract<Constant, { readonly kind: "looked-up" }>;

function constantOf(node: Node | undefined): Constant | null {
  const plain = uncast(node);
  if (plain !== undefined && body(plain, "ParamRef") !== null) return { kind: "passed" };
  if (numberOf(plain) !== null) return { kind: "number" };
  if (body(plain, "A_Const")?.sval !== undefined) return { kind: "text" };
  const named = columnOf(plain);
  if (named !== null) return { kind: "name", of: named };
  const inner = body(plain, "SubLink");
  return inner?.subLinkType === "EXPR_SUBLINK" ? lookedUp(body(inner.subselect, "SelectStmt")) : null;
}

/** `(SELECT o.id FROM orgs o WHERE ...)`, where nothing in it says that it is another table's. */
function lookedUp(select: SelectStmt | null): LookedUp | null {
  const [from, another] = select?.fromClause ?? [];
  const table = body(from, "RangeVar");
  const [target, more] = bodies(select?.targetList, "ResTarget");
  const column = columnOf(target?.val);
  if (select === null || table === null || another !== undefined || more !== undefined || column === null) return null;
  const alias = table.alias?.aliasname ?? table.relname ?? "";
  let own = true;
  walk(select, (kind, node) => {
    if (kind !== "ColumnRef") return;
    const of = strings((node as ColumnRef).fields).at(-2);
    own &&= of === undefined || of === alias;
  });
  return own ? { kind: "looked-up", relation: relationOf(table), column: column.name } : null;
}
