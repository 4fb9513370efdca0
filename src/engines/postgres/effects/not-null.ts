import type { BoolExpr, Node, NullTest } from "libpg-query";
import type { Constraint, Table } from "../../../model/catalog.js";
import type { Operation } from "../../../model/operation.js";
import { body, strings } from "../parse/ast.js";
import { constraintTree } from "./trees.js";

/**
 * Whether PostgreSQL takes a column to hold no NULL without looking at its rows (12 and newer): a validated check implies
 * it, and the same statement does not drop that check, which it would do first.
 */
export function provesNotNull(table: Table | null, column: string, siblings: readonly Operation[]): boolean {
  const gone = new Set(siblings.flatMap((o) => droppedConstraint(o) ?? []));
  return (table?.constraints ?? []).some((c) => !gone.has(c.name) && isProof(c, column));
}

function droppedConstraint(operation: Operation): string | null {
  return operation.kind === "other" && operation.detail?.kind === "drop-constraint" ? operation.detail.name : null;
}

function isProof(constraint: Constraint, column: string): boolean {
  if (constraint.kind !== "check" || !constraint.validated || !constraint.columns.includes(column)) return false;
  const tree = constraintTree(constraint.definition);
  return tree?.raw_expr !== undefined && !tree.skip_validation && implies(tree.raw_expr, column);
}

/** A condition that is true or unknown only where the column is not NULL: `a > 0` is unknown for NULL, and allows it. */
function implies(tree: Node, column: string): boolean {
  const test = body(tree, "NullTest");
  if (test !== null) return test.nulltesttype === "IS_NOT_NULL" && isColumn(test, column);
  const bool = body(tree, "BoolExpr");
  if (bool === null) return false;
  const parts = bool.args ?? [];
  if (bool.boolop === "AND_EXPR") return parts.some((p) => implies(p, column));
  if (bool.boolop === "OR_EXPR") return parts.length > 0 && parts.every((p) => implies(p, column));
  return negates(bool, column);
}

/** `NOT (a IS NULL)` */
function negates(bool: BoolExpr, column: string): boolean {
  const test = body(bool.args?.[0], "NullTest");
  return test?.nulltesttype === "IS_NULL" && isColumn(test, column);
}

function isColumn(test: NullTest, column: string): boolean {
  return strings(body(test.arg, "ColumnRef")?.fields).at(-1) === column;
}
