import type { A_Expr, Node, SelectStmt } from "libpg-query";
import type { Lookup } from "../../../../../model/detail/data.js";
import { bodies, body, relationOf, strings, walk } from "../../ast.js";

/** The tables that a tree reads, where each is read by itself under a WHERE, and nothing is joined; else null. */
export function lookupsIn(tree: unknown): readonly Lookup[] | null {
  const found: Lookup[] = [];
  let [tables, others] = [0, false];
  walk(tree, (kind, node) => {
    if (kind === "RangeVar") tables += 1;
    // Functions in FROM give any number of rows, and a name of WITH may mean any.
    others ||= kind === "RangeFunction" || kind === "WithClause" || kind === "CommonTableExpr";
    const lookup = kind === "SelectStmt" ? lookupOf(node as SelectStmt) : null;
    if (lookup !== null) found.push(lookup);
  });
  return others || found.length !== tables ? null : Object.freeze(found);
}

function lookupOf({ fromClause = [], whereClause }: SelectStmt): Lookup | null {
  const [table] = bodies(fromClause, "RangeVar");
  if (table === undefined || fromClause.length !== 1) return null;
  const compared = conjuncts(whereClause).flatMap((each) => comparedIn(each) ?? []);
  return Object.freeze({ relation: relationOf(table), where: compared.join(" and ") });
}

/** The conditions that AND joins. */
export function conjuncts(node: Node | undefined): readonly Node[] {
  const joined = body(node, "BoolExpr");
  if (joined?.boolop === "AND_EXPR") return (joined.args ?? []).flatMap(conjuncts);
  return node === undefined ? [] : [node];
}

/** `"id" = 3`, `"id" in (1, 2)`; null for anything else. */
function comparedIn(node: Node): string | null {
  const each = body(node, "A_Expr");
  if (each === null || strings(each.name)[0] !== "=") return null;
  const column = columnOf(each.lexpr) ?? columnOf(each.rexpr);
  const values = valuesOf(each);
  if (column === null || values === null || values.includes(null)) return null;
  return each.kind === "AEXPR_OP" ? `"${column}" = ${values.join("")}` : `"${column}" in (${values.join(", ")})`;
}

function valuesOf(each: A_Expr): readonly (string | null)[] | null {
  if (each.kind === "AEXPR_OP") return [constantOf(columnOf(each.lexpr) === null ? each.lexpr : each.rexpr)];
  if (each.kind === "AEXPR_IN") return (body(each.rexpr, "List")?.items ?? []).map(constantOf);
  if (each.kind !== "AEXPR_OP_ANY") return null;
  return (body(each.rexpr, "A_ArrayExpr")?.elements ?? [each.rexpr]).map(constantOf);
}

const columnOf = (node: Node | undefined): string | null => {
  const fields = body(node, "ColumnRef")?.fields;
  return fields === undefined ? null : (strings(fields).at(-1) ?? null);
};

/** A number, or a string with nothing in it; null for what is no constant, and for NULL and booleans. */
function constantOf(node: Node | undefined): string | null {
  const value = body(node, "A_Const") ?? body(body(node, "TypeCast")?.arg, "A_Const");
  if (value === null) return null;
  if (value.sval !== undefined) return "''";
  return value.ival === undefined && value.fval === undefined ? null : "0";
}
