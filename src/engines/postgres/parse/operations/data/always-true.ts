import type { A_Expr, Node } from "libpg-query";
import { body, strings } from "../../ast.js";
import { constant } from "../session/set.js";

/** A condition that every row meets: `true`, `1 = 1`, and what is joined of them. */
export function isAlwaysTrue(node: Node | undefined): boolean {
  const comparison = body(node, "A_Expr");
  if (comparison !== null) return isSameTwice(comparison);
  const joined = body(node, "BoolExpr");
  if (joined?.boolop === "AND_EXPR") return (joined.args ?? []).every(isAlwaysTrue);
  if (joined?.boolop === "OR_EXPR") return (joined.args ?? []).some(isAlwaysTrue);
  return constant(node) === "true" && body(node, "A_Const")?.boolval !== undefined;
}

function isSameTwice(comparison: A_Expr): boolean {
  const left = constant(comparison.lexpr);
  return comparison.kind === "AEXPR_OP" && strings(comparison.name)[0] === "=" && left !== null
    ? left === constant(comparison.rexpr)
    : false;
}
