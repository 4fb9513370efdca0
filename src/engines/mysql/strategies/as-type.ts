import { typeOf } from "../effects/modify/type.js";
import type { MysqlDialect } from "../parse/dialect.js";

const BITS: Readonly<Record<string, number>> = Object.freeze({
  tinyint: 8,
  smallint: 16,
  mediumint: 24,
  int: 32,
  bigint: 64,
});

/** A value out of range becomes the nearest that is in it, as a lenient assignment does; a strict one fails. */
function integer(value: string, bits: number, unsigned: boolean): string {
  const [least, most] = unsigned
    ? [0n, 2n ** BigInt(bits) - 1n]
    : [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n];
  return `GREATEST(LEAST(CAST(${value} AS DECIMAL(65,0)), ${most}), ${least})`;
}

/**
 * What a column of a type would hold of a value, in a SELECT: cut, rounded, clamped. Null for a type that takes no such
 * expression on either server: FLOAT, BINARY, BIT, enums, sets, spatial types.
 *
 * @param value an expression
 * @example
 * asType("tinyint", "`c`", "mysql") // "GREATEST(LEAST(CAST(`c` AS DECIMAL(65,0)), 127), -128)"
 */
export function asType(type: string, value: string, dialect: MysqlDialect): string | null {
  const { base, numbers, unsigned } = typeOf(type, dialect);
  const [first = 0, second = 0] = numbers;
  const bits = BITS[base];
  if (bits !== undefined) return integer(value, bits, unsigned);
  if (base === "decimal") return `CAST(${value} AS DECIMAL(${first},${second}))`;
  if (base === "double") return `(${value} + 0e0)`;
  if (base === "date") return `CAST(${value} AS DATE)`;
  if (base === "time") return `CAST(${value} AS TIME(${first}))`;
  if (base === "datetime" || base === "timestamp") return `CAST(${value} AS DATETIME(${first}))`;
  if (base === "json") return `CAST(${value} AS JSON)`;
  if (base === "char" || base === "varchar") return `LEFT(CONVERT(${value} USING utf8mb4), ${first})`;
  return /^(?:tiny|medium|long)?text$/.test(base) ? `CONVERT(${value} USING utf8mb4)` : null;
}
