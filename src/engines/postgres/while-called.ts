import type { Lock } from "../../model/effect.js";
import type { RelationName } from "../../model/name.js";
import { alterTable } from "./effects/helper-statements.js";
import { quote, quoteRelation } from "./names.js";

/**
 * Statements of one transaction, in which a column has another name. The server knows columns by their numbers: a view or a
 * trigger that they make over that name is one over the column, whatever it is called behind them.
 */
export function whileCalled(
  relation: RelationName,
  column: string,
  name: string,
  statements: readonly string[],
): { readonly sql: readonly string[]; readonly lock: Lock } {
  const rename = (from: string, to: string) =>
    `ALTER TABLE ${quoteRelation(relation)} RENAME COLUMN ${quote(from)} TO ${quote(to)}`;
  return { sql: [rename(column, name), ...statements, rename(name, column)], lock: alterTable(relation) };
}
