import type { RelationName } from "../../../model/name.js";
import { literal } from "../names.js";

/** A condition over the one row of information_schema.COLUMNS that is about a column; false where there is no such column. */
export function columnIs(relation: RelationName, column: string, condition: string): string {
  const schema = relation.schema === null ? "DATABASE()" : literal(relation.schema);
  const row = `TABLE_SCHEMA = ${schema} AND TABLE_NAME = ${literal(relation.name)} AND COLUMN_NAME = ${literal(column)}`;
  return `EXISTS (SELECT 1 FROM information_schema.COLUMNS WHERE ${row} AND ${condition})`;
}

export const isInvisible = (relation: RelationName, column: string): string =>
  columnIs(relation, column, "EXTRA LIKE '%INVISIBLE%'");
