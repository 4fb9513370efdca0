import type { Column } from "../../../model/catalog.js";
import { isVolatileDefault } from "../introspect/columns.js";

/** The first word of a type, in lower case: `varchar` of `VARCHAR(20)`. */
export const baseType = (type: string): string => /^\s*([a-z0-9]+)/i.exec(type)?.[1]?.toLowerCase() ?? "";

/** Types that are equal to the server when they differ in case, accents or trailing spaces; JSON also in spelling. */
const FORGIVING = /^(?:char|character|nchar|national|varchar|nvarchar|tinytext|text|mediumtext|longtext|long|json)$/;

const exact = (column: Column, operand: string): string =>
  FORGIVING.test(baseType(column.type)) ? `CAST(${operand} AS BINARY)` : operand;

/**
 * True when two values of a column's type are the same, byte for byte; NULL is the same as NULL. The server's own
 * equality would take `Foo` and `foo` for one.
 */
export const same = (column: Column, left: string, right: string): string =>
  `${exact(column, left)} <=> ${exact(column, right)}`;

/**
 * How an INSERT shows that it did not write a column.
 * - `null`: no default. A NOT NULL column is NULL in a BEFORE trigger too when it was left out (measured on MySQL 9.7
 *   and MariaDB 10.11).
 * - `constant`: it holds its default.
 * - `unknown`: the default is computed, so what it holds tells nothing.
 */
export type Omission =
  | { readonly kind: "null" }
  | { readonly kind: "constant"; readonly default: string }
  | { readonly kind: "unknown" };

export function omissionOf(column: Column): Omission {
  const text = column.default;
  if (text === null || /^null$/i.test(text)) return { kind: "null" };
  return isVolatileDefault(text) === false ? { kind: "constant", default: text } : { kind: "unknown" };
}

/** True when a value is a column's constant default. The literal is in the connection's character set, the value not. */
export function isDefault(column: Column, operand: string, text: string): string {
  if (!FORGIVING.test(baseType(column.type))) return `${operand} <=> ${text}`;
  const bytes = (value: string) => `CAST(CONVERT(${value} USING utf8mb4) AS BINARY)`;
  return `${bytes(operand)} <=> ${bytes(text)}`;
}
