import type { Lock } from "../../model/effect.js";
import type { RelationName } from "../../model/name.js";
import { alterTable } from "./effects/helper-statements.js";
import { quote, quoteRelation } from "./names.js";

/** A routine whose body is a string, as the server prints it: it finds columns by their names whenever it runs. */
const IN_A_STRING = /^AS \$(?:function|procedure)x*\$/m;

/**
 * Statements of one transaction, in which a column has another name. The server knows columns by their numbers: a view or a
 * trigger that they make over that name is one over the column, whatever it is called behind them.
 * Null where the body of a routine names it, which goes by the name alone.
 */
export function whileCalled(
  relation: RelationName,
  column: string,
  name: string,
  statements: readonly string[],
): { readonly sql: readonly string[]; readonly lock: Lock } | null {
  if (statements.some((sql) => IN_A_STRING.test(sql) && sql.includes(name))) return null;
  const rename = (from: string, to: string) =>
    `ALTER TABLE ${quoteRelation(relation)} RENAME COLUMN ${quote(from)} TO ${quote(to)}`;
  return { sql: [rename(column, name), ...statements, rename(name, column)], lock: alterTable(relation) };
}
