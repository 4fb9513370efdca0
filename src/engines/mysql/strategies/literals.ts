import type { Column } from "../../../model/catalog.js";
import { literal } from "../names.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { baseType } from "../triggers/values.js";

const ZERO = new Set([
  ..."tinyint smallint mediumint int integer bigint decimal dec numeric fixed float double real bool boolean".split(
    " ",
  ),
  ..."int1 int2 int3 int4 int8".split(" "),
]);

const EMPTY = new Set("char character nchar varchar nvarchar national binary varbinary set".split(" "));
const LONG = new Set("tinytext text mediumtext longtext tinyblob blob mediumblob longblob".split(" "));

const OTHER: Readonly<Record<string, string>> = {
  date: "'2000-01-01'",
  datetime: "'2000-01-01 00:00:00'",
  timestamp: "'2000-01-01 00:00:00'",
  time: "'00:00:00'",
  year: "2000",
  bit: "b'0'",
  uuid: "'00000000-0000-0000-0000-000000000000'",
  inet6: "'::'",
  inet4: "'0.0.0.0'",
};

const ZERO_MOMENT: Readonly<Record<string, string>> = {
  date: "'0000-00-00'",
  datetime: "'0000-00-00 00:00:00'",
  timestamp: "'0000-00-00 00:00:00'",
  year: "0",
};

/** What the servers themselves give a DATE, DATETIME, TIMESTAMP or YEAR that nobody writes; null for other types. */
export const zeroMoment = (type: string): string | null => ZERO_MOMENT[baseType(type)] ?? null;

/** First member of `enum('a','b')`, quotes and all. */
const firstMember = (type: string): string | null => /\(\s*('(?:[^'\\]|''|\\.)*')/s.exec(type)?.[1] ?? null;

/**
 * A constant that any column of a type takes as its default. Null where the server allows none: MySQL's TEXT, BLOB and
 * JSON (error 1101), spatial types.
 */
export function placeholder(type: string, dialect: MysqlDialect): string | null {
  const base = baseType(type);
  if (ZERO.has(base)) return "0";
  if (EMPTY.has(base)) return "''";
  if (base === "enum") return firstMember(type);
  if (LONG.has(base)) return dialect === "mariadb" ? "''" : null;
  return OTHER[base] ?? null;
}

/**
 * The same as an expression, for MySQL's types that take no constant. Measured on 9.7: `ALTER COLUMN ... SET DEFAULT (...)` is INSTANT,
 * and an expression that is a constant is refused like one (error 1101). MariaDB's JSON
 * is a text with a CHECK, which an empty one fails. Null where `placeholder` has one, and for spatial types.
 */
export function computedPlaceholder(type: string, dialect: MysqlDialect): string | null {
  const base = baseType(type);
  if (dialect !== "mysql") return base === "json" ? "'null'" : null;
  if (LONG.has(base)) return "(concat(''))";
  return base === "json" ? "(cast('null' as json))" : null;
}

/** The value that the server itself gives rows when a NOT NULL column without a default is added; null where it has none. */
export function implicitValue(type: string, dialect: MysqlDialect): string | null {
  return zeroMoment(type) === null ? placeholder(type, dialect) : null;
}

/** A column's whole definition, for MODIFY: what it does not repeat is lost. */
export function definitionOf(column: Column, changed: Partial<Column> = {}): string {
  const c = { ...column, ...changed };
  return [
    c.type,
    ...(c.characterSet === null ? [] : [`CHARACTER SET ${c.characterSet}`]),
    ...(c.collation === null ? [] : [`COLLATE ${c.collation}`]),
    ...(c.generated === null ? [] : [`AS (${c.generated.expression}) ${c.generated.kind.toUpperCase()}`]),
    // MariaDB takes no NULL behind what is computed.
    ...(c.notNull ? ["NOT NULL"] : c.generated === null ? ["NULL"] : []),
    ...(c.default === null ? [] : [`DEFAULT ${c.default}`]),
    ...(c.autoIncrement ? ["AUTO_INCREMENT"] : []),
    ...(c.onUpdate === null ? [] : [`ON UPDATE ${c.onUpdate}`]),
    ...(c.comment === null ? [] : [`COMMENT ${literal(c.comment)}`]),
    ...c.settings,
  ].join(" ");
}
