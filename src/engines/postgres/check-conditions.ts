import type { ViewCondition } from "../../model/detail/view-shape.js";
import { constraintTree } from "./effects/trees.js";
import { columnsOfTree } from "./parse/column-refs.js";
import { conditionsOf } from "./parse/operations/object/normal-condition.js";
import { NOWHERE } from "./parse/operations/object/normal-text.js";

/** What a CHECK asks of a row. */
export interface CheckedRow {
  /** Each of it by itself. */
  readonly conditions: readonly ViewCondition[];
  readonly columns: readonly string[];
}

/**
 * What a CHECK asks of a row, by its definition; null where that cannot be read.
 *
 * @example
 * checkedRow("CHECK (a > 0 AND b IN ('x'))") // two conditions, columns a and b
 */
export function checkedRow(definition: string): CheckedRow | null {
  const tree = constraintTree(definition)?.raw_expr;
  if (tree === undefined) return null;
  return { conditions: conditionsOf(tree, NOWHERE), columns: columnsOfTree(tree) };
}
