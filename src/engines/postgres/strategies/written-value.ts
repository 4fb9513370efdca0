import type { RelationName } from "../../../model/name.js";
import type { ColumnDefinition } from "../../../model/operation.js";
import type { AddedColumn } from "../../../model/step.js";
import { literal, quote, quoteRelation } from "../names.js";
import { functionsIn } from "../parse/columns.js";
import { differs } from "../triggers/sync.js";

/** What the grammar has without parentheses: each call gives another value. */
const WORDS = /\b(?:current_\w+|localtime(?:stamp)?|session_user|system_user|user)\b/i;

/** A value that is the same whenever it is computed, as far as its text tells. */
export const isConstant = (expression: string): boolean =>
  functionsIn(expression).length === 0 && !WORDS.test(expression.replaceAll(/'(?:[^']|'')*'/g, "''"));

/** As texts their values are whole. */
const MOMENT = /^(?:date|time|timestamp|timetz|timestamptz)\b[^[]*$/i;

/** What the rows that were there have been given by ADD COLUMN at once; NULL once the table was rewritten. */
const givenByAdding = (relation: RelationName, { name, type }: ColumnDefinition): string =>
  `(SELECT (a.attmissingval::text::${type}[])[1] FROM pg_catalog.pg_attribute a WHERE a.attrelid = ${literal(quoteRelation(relation))}::pg_catalog.regclass AND a.attname = ${literal(name)} AND NOT a.attisdropped)`;

/**
 * A condition that is true for a row in which a column that was added holds what somebody may have written: it is not NULL,
 * and not the default. What a computed default gives each row, as gen_random_uuid(), cannot be told from that; the moment
 * that now() was when the column came can.
 *
 * @param added the table, where the column is added with its default
 * @returns null where nothing can be lost with the column: what is generated is computed from others
 */
export function writtenValue(
  column: ColumnDefinition,
  added: RelationName | null,
): Pick<AddedColumn, "written" | "unsure"> | null {
  if (column.generated !== null) return null;
  const name = quote(column.name);
  const some = `${name} IS NOT NULL`;
  if (column.autoIncrement || column.identity !== null) return { written: some, unsure: "default" };
  if (column.default === null) return { written: some };
  if (isConstant(column.default))
    return { written: `${some} AND ${differs(name, `(${column.default})::${column.type}`, false)}` };
  if (added === null || !MOMENT.test(column.type)) return { written: some, unsure: "default" };
  return { written: `${some} AND ${differs(name, givenByAdding(added, column), true)}`, unsure: "default" };
}
