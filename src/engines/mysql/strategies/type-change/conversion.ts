import type { Column, Table } from "../../../../model/catalog.js";
import { typeOf } from "../../effects/modify/type.js";
import { literal } from "../../names.js";
import type { MysqlDialect } from "../../parse/dialect.js";

const INTEGER = /^(?:tiny|small|medium|big)?int$|^year$/;
const TEXT = /^(?:char|varchar|(?:tiny|medium|long)?text)$/;
const BYTES = /^(?:varbinary|(?:tiny|medium|long)?blob)$/;
const MOMENT = /^(?:datetime|timestamp)$/;

const inUnicode = (value: string): string => `CAST(CONVERT(${value} USING utf8mb4) AS BINARY)`;

/** A FLOAT does not come back as the number that was written. */
const near = (column: string, value: string): string =>
  `IF(${column} IS NULL OR ${value} IS NULL, ${column} <=> ${value}, ABS(${column} - ${value}) <= ABS(${value}) * 1e-6)`;

/** As the servers find the member that a text names: capitals, accents and spaces at the end do not matter to most. */
const asNamed = (value: string): string => `CONVERT(${value} USING utf8mb4) COLLATE utf8mb4_unicode_ci`;

/** The server takes what is written for a member that is spelt otherwise, and what it has taken is in the column. */
function isMember(column: string, value: string, values: readonly string[]): string {
  const exact = `${inUnicode(column)} <=> ${inUnicode(value)}`;
  const members = values.map((v) => inUnicode(literal(v))).join(", ");
  const both = `${column} IS NOT NULL AND ${value} IS NOT NULL`;
  return `(${exact} OR (${both} AND ${inUnicode(value)} NOT IN (${members}) AND ${asNamed(column)} = ${asNamed(value)}))`;
}

/** A SET has its members in its own order, each once; a text that is none of them is not in it. */
function isSet(column: string, value: string, values: readonly string[]): string {
  const [have, want] = [asNamed(column), asNamed(value)];
  const same = values.map(
    (v) => `(FIND_IN_SET(${literal(v)}, ${have}) > 0) = (FIND_IN_SET(${literal(v)}, ${want}) > 0)`,
  );
  const listed = `CONCAT(',', REPLACE(LOWER(${want}), ',', ',,'), ',')`;
  const rest = values.reduce((left, v) => `REPLACE(${left}, LOWER(${literal(`,${v},`)}), '')`, listed);
  return `IF(${column} IS NULL OR ${value} IS NULL, ${column} <=> ${value}, ${[...same, `REPLACE(${rest}, ',', '') = ''`].join(" AND ")})`;
}

/**
 * A condition that is true where a column of a type holds what an assignment makes of a value. Text is compared byte for
 * byte, members of ENUM and SET as the server finds them. Null for a type that no value can be converted to for comparison: BINARY, BIT, spatial types and the like.
 *
 * @param column the column, quoted
 * @param value an expression
 */
export function holds(type: string, column: string, value: string, dialect: MysqlDialect): string | null {
  const { base, numbers, values } = typeOf(type, dialect);
  const [first = 0, second = 0] = numbers;
  if (INTEGER.test(base)) return `${column} <=> CAST(${value} AS DECIMAL(65,0))`;
  if (base === "decimal") return `${column} <=> CAST(${value} AS DECIMAL(${first},${second}))`;
  if (base === "double") return `${column} <=> (${value} + 0e0)`;
  if (base === "float") return near(column, `(${value} + 0e0)`);
  if (base === "date") return `${column} <=> CAST(${value} AS DATE)`;
  if (base === "time") return `${column} <=> CAST(${value} AS TIME(${first}))`;
  if (MOMENT.test(base)) return `${column} <=> CAST(${value} AS DATETIME(${first}))`;
  if (base === "json") return `${column} <=> CAST(${value} AS JSON)`;
  if (BYTES.test(base)) return `${column} <=> CAST(${value} AS BINARY)`;
  if (base === "enum") return isMember(column, value, values);
  if (base === "set") return isSet(column, value, values);
  if (!TEXT.test(base)) return null;
  // A CHAR loses its trailing spaces when it is read.
  const read = base === "char" ? `TRIM(TRAILING ' ' FROM ${value})` : value;
  return `${inUnicode(column)} <=> ${inUnicode(read)}`;
}

/** Columns that a batch sets to themselves, so that ON UPDATE tells nobody of it. */
export const untouched = (table: Table, except: readonly Column[]): string[] =>
  table.columns.filter((c) => c.onUpdate !== null && !except.includes(c)).map((c) => c.name);
