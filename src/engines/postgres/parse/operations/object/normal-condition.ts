import type { A_Expr, Node } from "libpg-query";
import type { ViewCondition } from "../../../../../model/detail/view-shape.js";
import { amongValues, anyOf, compared, isLiteral, plain } from "../../../../view-condition.js";
import { body, strings } from "../../ast.js";
import { normalText, type Scope } from "./normal-text.js";

/** What a row must meet, each of it by itself: what AND puts together. */
export function conditionsOf(node: Node | undefined, scope: Scope): readonly ViewCondition[] {
  if (node === undefined || body(node, "A_Const")?.boolval?.boolval === true) return [];
  const all = body(node, "BoolExpr");
  if (all?.boolop === "AND_EXPR") return (all.args ?? []).flatMap((each) => conditionsOf(each, scope));
  return betweenOf(body(node, "A_Expr"), scope) ?? [conditionOf(node, scope)];
}

function betweenOf(expression: A_Expr | null, scope: Scope): readonly ViewCondition[] | null {
  if (expression?.kind !== "AEXPR_BETWEEN") return null;
  const left = normalText(expression.lexpr, scope);
  const [from, to] = (body(expression.rexpr, "List")?.items ?? []).map((end) => normalText(end, scope));
  return from === undefined || to === undefined ? null : [compared(left, ">=", from), compared(left, "<=", to)];
}

function conditionOf(node: Node, scope: Scope): ViewCondition {
  const any = body(node, "BoolExpr");
  if (any?.boolop === "OR_EXPR") return anyOf((any.args ?? []).map((each) => armOf(each, scope)));
  const expression = body(node, "A_Expr");
  return (expression === null ? null : comparisonOf(expression, scope)) ?? plain(normalText(node, scope));
}

function armOf(node: Node, scope: Scope): ViewCondition {
  const all = conditionsOf(node, scope);
  const [only] = all;
  const text = all.map((each) => each.text).sort();
  return only !== undefined && all.length === 1 ? only : plain(text.join(" and "));
}

function comparisonOf({ kind, name, lexpr, rexpr }: A_Expr, scope: Scope): ViewCondition | null {
  const sign = strings(name).at(-1) ?? "";
  const left = normalText(lexpr, scope);
  if (SIMPLE.has(kind ?? "") && lexpr !== undefined) return compared(left, sign, normalText(rexpr, scope));
  const array = body(body(rexpr, "TypeCast")?.arg, "A_ArrayExpr") ?? body(rexpr, "A_ArrayExpr");
  const list = kind === "AEXPR_IN" ? body(rexpr, "List")?.items : array?.elements;
  const values = (list ?? []).map((each) => normalText(each, scope));
  const isAny = kind === "AEXPR_IN" || (kind === "AEXPR_OP_ANY" && sign === "=");
  return isAny && values.length > 0 && values.every(isLiteral) ? amongValues(left, values, sign === "<>") : null;
}

const SIMPLE: ReadonlySet<string> = new Set(["AEXPR_OP", "AEXPR_LIKE", "AEXPR_ILIKE"]);
