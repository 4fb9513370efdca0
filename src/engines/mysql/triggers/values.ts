import type { Column } from "../../../model/catalog.js";
import { isVolatileDefault } from "../introspect/columns.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { isRepeatable } from "./repeatable.js";

/** The first word of a type, in lower case: `varchar` of `VARCHAR(20)`. */
export const baseType = (type: string): string => /^\s*([a-z0-9]+)/i.exec(type)?.[1]?.toLowerCase() ?? "";

/** Types that are equal to the server when they differ in case, accents or trailing spaces; JSON also in spelling. */
const FORGIVING = /^(?:char|character|nchar|national|varchar|nvarchar|tinytext|text|mediumtext|longtext|long|json)$/;

const exact = (column: Pick<Column, "type">, operand: string): string =>
  FORGIVING.test(baseType(column.type)) ? `CAST(${operand} AS BINARY)` : operand;

/**
 * True when two values of a column's type are the same, byte for byte; NULL is the same as NULL. The server's own
 * equality would take `Foo` and `foo` for one.
 */
export const same = (column: Pick<Column, "type">, left: string, right: string): string =>
  `${exact(column, left)} <=> ${exact(column, right)}`;

/**
 * How an INSERT shows that it did not write a column.
 * - `null`: no default. A NOT NULL column is NULL in a BEFORE trigger too when it was left out (measured on MySQL 9.7
 *   and MariaDB 10.11).
 * - `constant`: it holds its default.
 * - `repeatable`: it holds its default, which a trigger can compute again: see `isRepeatable`.
 * - `unknown`: the default is computed anew each time, so what it holds tells nothing; or the catalog does not tell it
 *   rightly, see `UNTOLD`.
 */
export type Omission =
  | { readonly kind: "null" }
  | { readonly kind: "constant" | "repeatable"; readonly default: string }
  | { readonly kind: "unknown" };

/**
 * Types whose constant default the catalogs show wrongly. A TIMESTAMP's is the text that MySQL was given, whatever that
 * session's time zone was; bytes end at the first 0 (MySQL 9.7: x'6100' is shown as 0x61) or become ? (MariaDB 10.11).
 */
const UNTOLD = /^(?:timestamp|binary|varbinary)$/;

/** A zero, which every time zone shows as it is, and no bytes, as a lent default is written. */
const EXACT = /^(?:'0000-00-00 00:00:00'|x'')$/;

/**
 * A constant default that cannot be written again, since the catalog does not show it as it is. MariaDB 10.11 shows a
 * TIMESTAMP's in the time zone of who asks, which is the one that our sessions write in.
 */
export const isUntold = (column: Column, dialect: MysqlDialect): boolean =>
  isShownWrongly(column) && !(dialect === "mariadb" && baseType(column.type) === "timestamp");

const isShownWrongly = (column: Column): boolean =>
  UNTOLD.test(baseType(column.type)) && isVolatileDefault(column.default) === false && column.default !== "NULL";

const TEXTUAL = /^(?:enum|set)$/;

/**
 * What a handler has to name to see that a value does not fit a column of this type. What is no member of an ENUM or SET is
 * error 1265, whose state is that of a warning; of a number that is rounded 1265 is a mere note (measured on both).
 */
export const misfits = (type: string): string => (TEXTUAL.test(baseType(type)) ? "SQLEXCEPTION, 1265" : "SQLEXCEPTION");

/**
 * MySQL 9.7 gives these no default of one literal in brackets (error 1101). On MariaDB 10.11 they are '' in LOAD DATA, and
 * not NULL, once a trigger has replaced their default in a row.
 */
const LONG = /^(?:tiny|medium|long)?(?:text|blob)$/;

/** What an ENUM or SET makes of an expression may be spelled otherwise. */
function canBeRepeated({ type }: Column, text: string): boolean {
  const base = baseType(type);
  if (TEXTUAL.test(base) || LONG.test(base)) return false;
  return isRepeatable(text) && (base !== "json" || /^\(*json_(?:array|object)\(/i.test(text));
}

export function omissionOf(column: Column): Omission {
  const text = column.default;
  if (text === null || /^null$/i.test(text)) return { kind: "null" };
  if (isVolatileDefault(text) !== false)
    return canBeRepeated(column, text) ? { kind: "repeatable", default: text } : { kind: "unknown" };
  if (UNTOLD.test(baseType(column.type)) && !EXACT.test(text)) return { kind: "unknown" };
  return { kind: "constant", default: text };
}

/** A type whose values are compared by their text: literals of it are in the connection's character set, the values not. */
const isText = (column: Column): boolean =>
  FORGIVING.test(baseType(column.type)) || TEXTUAL.test(baseType(column.type));

const DEFAULT = "zmigrate_default";

/** JSON is compared by its text too, and spells it in a way of its own. */
const isDocument = (column: Column): boolean => baseType(column.type) === "json";

/**
 * Declares the default as a value of the column's own type, for what stands in a trigger's block before all else: a
 * FLOAT is not the decimal that it is written as, a DATETIME(1) is rounded. Empty for text.
 */
export function declareDefault(column: Column, text: string): string {
  const compared = isText(column) && !isDocument(column);
  return compared ? "" : `  DECLARE ${DEFAULT} ${column.type} DEFAULT ${text};\n`;
}

/** True when a value is a column's default, in a block that begins with `declareDefault`. */
export function isDefault(column: Column, operand: string, text: string): string {
  if (!isText(column)) return `${operand} <=> ${DEFAULT}`;
  const bytes = (value: string) => `CAST(CONVERT(${value} USING utf8mb4) AS BINARY)`;
  if (isDocument(column)) return `${bytes(operand)} <=> ${bytes(DEFAULT)}`;
  // A CHAR loses its trailing spaces when it is read.
  const padded = /^(?:char|character|nchar|national)$/.test(baseType(column.type));
  return `${bytes(operand)} <=> ${bytes(padded ? `TRIM(TRAILING ' ' FROM ${text})` : text)}`;
}
