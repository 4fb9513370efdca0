import type { RelationName } from "../../model/name.js";
import { rawParse } from "./parse/library.js";
import { inside, isStatement, isTree, listOf, type Scope, scopeOf, stringsOf } from "./queries/names-column.js";

/** Queries that see no table of the statement that they stand in. */
const apart = (key: string, child: Readonly<Record<string, unknown>>): boolean =>
  key === "CommonTableExpr" || (key === "RangeSubselect" && child.lateral !== true);

/** `ORDER BY total` means what the query gives back under that name. */
const isGiven = (statement: unknown, name: string): boolean =>
  isTree(statement) && listOf(statement.targetList).some((target) => inside(target, "ResTarget")?.name === name);

const isNamed = (node: unknown, name: string): boolean => {
  const parts = stringsOf(inside(node, "ColumnRef")?.fields);
  return parts.length === 1 && parts[0] === name;
};

/**
 * Whether a statement has a name without a table, as a value, where it would be a column of a table, had that one of the name. Lists of
 * INSERT and the left side of SET are no values.
 *
 * @param isIt whether a relation that the statement reads or writes is the table
 */
export function hasBareName(sql: string, name: string, isIt: (relation: RelationName) => boolean): boolean {
  const parsed = rawParse(sql);
  if (!("statements" in parsed)) return false;
  const sees = (scope: Scope | null): boolean =>
    scope !== null && (scope.ranges.some(({ relation }) => relation !== null && isIt(relation)) || sees(scope.outer));
  const look = (value: unknown, scope: Scope | null, ordered: boolean): boolean =>
    isTree(value) &&
    Object.entries(value).some(([key, child]) => {
      if (!isTree(child)) return false;
      if (isNamed(value, name)) return sees(scope);
      if (key === "sortClause" && ordered)
        return listOf(child).some((one) => !isNamed(inside(one, "SortBy")?.node, name) && look(one, scope, false));
      // The values of INSERT do not see the table.
      if (key === "selectStmt" || apart(key, child)) return look(child, scope?.outer ?? null, false);
      return isStatement(key, child)
        ? look(child, scopeOf(child, scope), isGiven(child, name))
        : look(child, scope, ordered);
    });
  return look(parsed.statements, null, false);
}
