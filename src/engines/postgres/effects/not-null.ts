import type { Node, NullTest } from "libpg-query";
import type { Constraint, Table } from "../../../model/catalog.js";
import type { Operation } from "../../../model/operation.js";
import { body, strings } from "../parse/ast.js";
import { constraintTree } from "./trees.js";

/**
 * Whether PostgreSQL takes a column to hold no NULL without looking at its rows (12 and newer): a validated check implies
 * it, and the same statement does not drop that check, which it would do first.
 */
export function provesNotNull(
  table: Pick<Table, "constraints"> | null,
  column: string,
  siblings: readonly Operation[],
): boolean {
  const gone = new Set(siblings.flatMap((o) => droppedConstraint(o) ?? []));
  return (table?.constraints ?? []).some((c) => !gone.has(c.name) && isProof(c, column));
}

/** Whether a check, proved or not, lets no NULL into a column from now on. */
export const keepsNull = (definition: string, column: string): boolean => {
  const tree = constraintTree(definition);
  return tree?.raw_expr !== undefined && implies(tree.raw_expr, column);
};

function droppedConstraint(operation: Operation): string | null {
  return operation.kind === "other" && operation.detail?.kind === "drop-constraint" ? operation.detail.name : null;
}

function isProof(constraint: Constraint, column: string): boolean {
  if (constraint.kind !== "check" || !constraint.validated) return false;
  // Of a table that is not known, the columns are not either: the condition tells.
  if (constraint.columns.length > 0 && !constraint.columns.includes(column)) return false;
  const tree = constraintTree(constraint.definition);
  // Its text may still say NOT VALID, as it was when it was added.
  return tree?.raw_expr !== undefined && implies(tree.raw_expr, column);
}

/**
 * A condition that is true or unknown only where the column is not NULL: `a > 0` is unknown for NULL, and allows it.
 *
 * @param holds false for a condition that must not hold: NOT turns AND and OR into each other
 */
function implies(tree: Node, column: string, holds = true): boolean {
  const test = body(tree, "NullTest");
  if (test !== null) return test.nulltesttype === (holds ? "IS_NOT_NULL" : "IS_NULL") && isColumn(test, column, holds);
  const bool = body(tree, "BoolExpr");
  if (bool === null) return compared(tree, column, holds);
  const parts = bool.args ?? [];
  if (bool.boolop === "NOT_EXPR") return parts.every((p) => implies(p, column, !holds));
  const any = (bool.boolop === "AND_EXPR") === holds;
  return any ? parts.some((p) => implies(p, column, holds)) : parts.every((p) => implies(p, column, holds));
}

/** `(a IS NULL) = false` */
function compared(tree: Node, column: string, holds: boolean): boolean {
  const expr = body(tree, "A_Expr");
  const value = body(expr?.rexpr, "A_Const")?.boolval;
  if (expr?.kind !== "AEXPR_OP" || strings(expr.name)[0] !== "=" || value === undefined || expr.lexpr === undefined)
    return false;
  return implies(expr.lexpr, column, (value.boolval === true) === holds);
}

/** `ROW(a, b) IS NOT NULL` holds when neither is; that it does not hold says nothing of one of them. */
function isColumn(test: NullTest, column: string, holds: boolean): boolean {
  const row = body(test.arg, "RowExpr")?.args ?? [];
  const fields = holds ? row : [];
  return [test.arg, ...fields].some((f) => strings(body(f, "ColumnRef")?.fields).at(-1) === column);
}
