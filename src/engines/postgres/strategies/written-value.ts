import type { ColumnDefinition } from "../../../model/operation.js";
import { quote } from "../names.js";
import { functionsIn } from "../parse/columns.js";
import { differs } from "../triggers/sync.js";

/** What the grammar has without parentheses: each call gives another value. */
const WORDS = /\b(?:current_\w+|localtime(?:stamp)?|session_user|system_user|user)\b/i;

/** A value that is the same whenever it is computed, as far as its text tells. */
export const isConstant = (expression: string): boolean =>
  functionsIn(expression).length === 0 && !WORDS.test(expression.replaceAll(/'(?:[^']|'')*'/g, "''"));

/**
 * A condition that is true for a row in which a column that was added holds what somebody wrote: it is not NULL, and
 * not the default. What a computed default gave a row is data of that row, as now() and gen_random_uuid() are.
 *
 * @returns null where nothing can be lost with the column: what is generated is computed from others
 */
export function writtenValue(column: ColumnDefinition): string | null {
  if (column.generated !== null) return null;
  const name = quote(column.name);
  const some = `${name} IS NOT NULL`;
  if (column.default === null || !isConstant(column.default)) return some;
  return `${some} AND ${differs(name, `(${column.default})::${column.type}`, false)}`;
}
