import type { ColumnDefinition } from "../../../model/operation.js";
import type { AddedColumn } from "../../../model/step.js";
import { isVolatileDefault } from "../introspect/columns.js";
import { quote } from "../names.js";
import { same } from "../triggers/values.js";

/**
 * A condition that is true for a row in which a column that was added holds what somebody may have written: it is not
 * NULL, and not the default. What a computed default gives each row, as CURRENT_TIMESTAMP, cannot be told from that.
 *
 * @param lent the default that the column has only until old code is gone
 * @returns null where nothing can be lost with the column: what is generated is computed from others
 */
export function writtenValue(
  column: ColumnDefinition,
  lent: string | null,
): Pick<AddedColumn, "written" | "unsure"> | null {
  if (column.generated !== null) return null;
  const name = quote(column.name);
  const some = `${name} IS NOT NULL`;
  const value = lent ?? column.default;
  if (value === null) return column.autoIncrement ? { written: some, unsure: "default" } : { written: some };
  if (isVolatileDefault(value) !== false) return { written: some, unsure: "default" };
  // As the column holds it: 0.1 is not what a FLOAT makes of it.
  const given = lent ?? (/^null$/i.test(value.trim()) ? "NULL" : `DEFAULT(${name})`);
  return { written: `${some} AND NOT (${same(column, name, given)})` };
}
