import type { A_Expr, Node, RangeVar, SelectStmt } from "libpg-query";
import type { Lookup } from "../../../../../model/detail/data.js";
import { body, relationOf, strings, walk } from "../../ast.js";

/** The tables that a tree reads, where each is read under a WHERE, by itself or in inner joins; else null. */
export function lookupsIn(tree: unknown): readonly Lookup[] | null {
  const found: Lookup[] = [];
  let [tables, others] = [0, false];
  walk(tree, (kind, node) => {
    if (kind === "RangeVar") tables += 1;
    // Functions in FROM give any number of rows, and a name of WITH may mean any.
    others ||= kind === "RangeFunction" || kind === "WithClause" || kind === "CommonTableExpr";
    if (kind === "SelectStmt") found.push(...lookupsOf(node as SelectStmt));
  });
  return others || found.length !== tables ? null : Object.freeze(found);
}

function lookupsOf({ fromClause = [], whereClause }: SelectStmt): readonly Lookup[] {
  const joined = fromClause.map(joinedIn);
  const tables = joined.flatMap((one) => one?.tables ?? []);
  if (joined.includes(null)) return [];
  const conditions = [...conjuncts(whereClause), ...joined.flatMap((one) => one?.conditions ?? [])];
  return tables.map((table) => {
    // Of several tables a bare column may be any one's.
    const alias = tables.length === 1 ? null : (table.alias?.aliasname ?? table.relname ?? "");
    const compared = conditions.flatMap((each) => comparedIn(each, alias) ?? []);
    return Object.freeze({ relation: relationOf(table), where: compared.join(" and ") });
  });
}

interface Joined {
  readonly tables: readonly RangeVar[];
  readonly conditions: readonly Node[];
}

/** Tables, and inner joins of them with their conditions; null for anything else. */
function joinedIn(node: Node): Joined | null {
  const table = body(node, "RangeVar");
  if (table !== null) return { tables: [table], conditions: [] };
  const join = body(node, "JoinExpr");
  if (join === null || (join.jointype ?? "JOIN_INNER") !== "JOIN_INNER" || join.alias !== undefined) return null;
  const sides = [join.larg, join.rarg].map((side) => (side === undefined ? null : joinedIn(side)));
  if (sides.includes(null)) return null;
  return {
    tables: sides.flatMap((side) => side?.tables ?? []),
    conditions: [...sides.flatMap((side) => side?.conditions ?? []), ...conjuncts(join.quals)],
  };
}

/** The conditions that AND joins. */
export function conjuncts(node: Node | undefined): readonly Node[] {
  const joined = body(node, "BoolExpr");
  if (joined?.boolop === "AND_EXPR") return (joined.args ?? []).flatMap(conjuncts);
  return node === undefined ? [] : [node];
}

/** `"id" = 3`, `"id" in (1, 2)`; null for anything else. */
function comparedIn(node: Node, alias: string | null): string | null {
  const each = body(node, "A_Expr");
  if (each === null || strings(each.name)[0] !== "=") return null;
  const side = columnOf(each.lexpr) === null ? each.rexpr : each.lexpr;
  const column = columnOf(side);
  const values = valuesOf(each);
  if (alias !== null && strings(body(side, "ColumnRef")?.fields).at(-2) !== alias) return null;
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
