import type { Column } from "../../../model/catalog.js";
import { isVolatileDefault } from "../introspect/columns.js";
import { quote } from "../names.js";
import { baseType } from "../triggers/values.js";
import type { MysqlContext } from "./algorithms.js";
import { definitionOf } from "./literals.js";

const LONG = /^(?:(?:tiny|medium|long)?(?:text|blob)|json|geometry|point|linestring|polygon)$/;

/** MySQL's TEXT, BLOB, JSON and spatial columns: ALTER COLUMN gives them no default, not even NULL (error 1101). */
export const takesNoDefault = (column: Column, { dialect }: MysqlContext): boolean =>
  dialect === "mysql" && LONG.test(baseType(column.type));

/** MySQL takes `CURRENT_TIMESTAMP` with MODIFY only: behind SET DEFAULT it must stand in brackets, and is another default. */
export const isMoment = (text: string): boolean =>
  /^(?:current_timestamp|now|localtime(?:stamp)?)\b/i.test(text.trim());

/** What gives a column the default that it has now, as the end of `ALTER TABLE t`. */
export function defaultAgain(column: Column): string {
  const text = column.default;
  const name = quote(column.name);
  if (text === null) return `ALTER COLUMN ${name} ${column.notNull ? "DROP DEFAULT" : "SET DEFAULT NULL"}`;
  if (isMoment(text)) return `MODIFY COLUMN ${name} ${definitionOf(column)}`;
  const bare = isVolatileDefault(text) === false || text.startsWith("(");
  return `ALTER COLUMN ${name} SET DEFAULT ${bare ? text : `(${text})`}`;
}
