import type { A_Expr, Node, SubLink } from "libpg-query";
import type { ViewCondition } from "../../../../../model/detail/view-shape.js";
import { amongRows, amongValues, anyOf, compared, isLiteral, plain } from "../../../../view-condition.js";
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
  const compared = expression === null ? amongOf(node, scope) : comparisonOf(expression, scope);
  return compared ?? plain(normalText(node, scope));
}

/** `EXISTS (SELECT ...)`, `a IN (SELECT ...)`, `NOT (a IN (SELECT ...))`. */
function amongOf(node: Node, scope: Scope): ViewCondition | null {
  const not = body(node, "BoolExpr")?.boolop === "NOT_EXPR";
  const link = body(not ? body(node, "BoolExpr")?.args?.[0] : node, "SubLink");
  const select = body(link?.subselect, "SelectStmt");
  const query = link === null || select === null || !isAmong(link) ? null : scope.inside(select, scope);
  if (link === null || query === null) return null;
  const left = link.testexpr === undefined ? null : normalText(link.testexpr, scope);
  const shape = left === null && query.shape.limit !== "0" ? { ...query.shape, limit: null } : query.shape;
  return amongRows(left, shape, normalText(node, scope), not);
}

const isAmong = ({ subLinkType, operName }: SubLink): boolean =>
  subLinkType === "EXISTS_SUBLINK" ||
  (subLinkType === "ANY_SUBLINK" && (operName === undefined || strings(operName).at(-1) === "="));

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
