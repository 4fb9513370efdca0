import type { Node } from "libpg-query";
import { body, strings } from "../../ast.js";
import { readExpression } from "../../fragment.js";

/** The text that an expression always has: a literal, or literals joined by `||`; null for any other. */
export function constantText(expression: string): string | null {
  const read = readExpression(expression);
  return typeof read === "string" ? null : textOfNode(read.tree);
}

function textOfNode(node: Node | undefined): string | null {
  const literal = body(node, "A_Const");
  if (literal !== null) return literal.sval?.sval ?? null;
  const joined = body(node, "A_Expr");
  if (joined === null || joined.kind !== "AEXPR_OP" || strings(joined.name)[0] !== "||") return null;
  const left = textOfNode(joined.lexpr);
  const right = textOfNode(joined.rexpr);
  return left === null || right === null ? null : left + right;
}
