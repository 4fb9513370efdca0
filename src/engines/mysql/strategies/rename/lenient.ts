import type { Column, Table } from "../../../../model/catalog.js";
import { isVolatileDefault } from "../../introspect/columns.js";
import type { MysqlDialect } from "../../parse/dialect.js";
import { namedIn, readFrom, withSources } from "../../triggers/expression.js";
import { type Computation, storedName } from "../../triggers/stored.js";
import { newOf } from "../../triggers/sync.js";
import { baseType, omissionOf } from "../../triggers/values.js";
import { placeholder, zeroMoment } from "../literals.js";

const EMPTY: Readonly<Record<string, string>> = {
  tinytext: "''",
  text: "''",
  mediumtext: "''",
  longtext: "''",
  tinyblob: "''",
  blob: "''",
  mediumblob: "''",
  longblob: "''",
  json: "'null'",
};

/** `(6)` of `timestamp(6)`. */
const precisionOf = (type: string): string => /\(\d+\)/.exec(type)?.[0] ?? "";

/**
 * What a NOT NULL column holds after a writer without strict mode has left it out or made it NULL, as the servers do it
 * by themselves; null for a column that may be NULL, and for types that have no such value. Measured on MySQL 9.7 and
 * MariaDB 10.11, where a TIMESTAMP that is NULL to a trigger becomes the present.
 *
 * MySQL makes an ENUM its first member when it is left out and '' when it is made NULL: this is the first.
 */
export function lenientValue(column: Column, dialect: MysqlDialect): string | null {
  if (!column.notNull) return null;
  const base = baseType(column.type);
  if (base === "timestamp" && dialect === "mariadb") return `CURRENT_TIMESTAMP${precisionOf(column.type)}`;
  return zeroMoment(column.type) ?? EMPTY[base] ?? placeholder(column.type, dialect);
}

/**
 * Whether the server itself judges a NULL that a trigger writes to a NOT NULL column, by the mode of the statement that
 * fired it: an error for a strict writer, `lenientValue` for any other. Measured: MariaDB 10.11 does; MySQL 9.7 refuses it
 * in both modes (error 1048). For MariaDB a NULL in a TIMESTAMP is the present, in strict mode too.
 */
export function judgesNull(column: Column, dialect: MysqlDialect): boolean {
  return column.notNull && dialect === "mariadb" && baseType(column.type) !== "timestamp";
}

/**
 * What a column holds in a BEFORE INSERT trigger where LOAD DATA has left it out; null where it is NULL there, as it is
 * with INSERT, or has its default. Measured on MySQL 9.7, in every mode. MariaDB 10.11 gives a column its default, which
 * it is lent; but once a trigger has replaced a default that is computed in a row, the rows that follow hold none. And a
 * TIMESTAMP that is lent none is zero there where an `INSERT ... SELECT` that is not strict has left it out.
 */
export function implicitOf(column: Column, dialect: MysqlDialect): string | null {
  if (dialect === "mysql") return column.default === null ? lenientValue(column, dialect) : null;
  const { kind } = omissionOf(column);
  const isBare = kind === "null" && column.notNull && baseType(column.type) === "timestamp";
  if (isBare) return zeroMoment(column.type);
  if (kind !== "repeatable") return null;
  return column.notNull ? (zeroMoment(column.type) ?? lenientValue(column, dialect)) : null;
}

/**
 * What an UPDATE that writes NULL under the new name of a NOT NULL column means, where that column cannot have the default
 * itself, such as `uuid()`: DEFAULT is NULL there, and MySQL refuses neither. An expression over the new row; null where
 * NULL is `lenientValue`.
 */
export function askedFor(table: Table, column: Column, dialect: MysqlDialect): string | null {
  if (dialect !== "mysql" || !column.notNull || column.default === null) return null;
  if (omissionOf(column).kind !== "unknown" || isVolatileDefault(column.default) === false) return null;
  return readFrom("NEW", column.default, table, dialect);
}

/** The server itself gives the others a value behind the triggers. */
const isWritten = (column: Column): boolean => !column.autoIncrement && column.generated === null;

/**
 * An expression over a table's columns as a BEFORE trigger reads it from the new row.
 *
 * @example
 * readStored("a + 1", t, "mysql").again // "(zmigrate_stored_1 + 1)", where a is NOT NULL
 */
export function readStored(
  expression: string,
  table: Pick<Table, "relation" | "columns">,
  dialect: MysqlDialect,
): Computation {
  const named = new Set(namedIn(expression, table.relation, dialect).map((name) => name.toLowerCase()));
  const stored = table.columns.flatMap((column) => {
    const instead = isWritten(column) ? lenientValue(column, dialect) : null;
    return instead === null || !named.has(column.name.toLowerCase()) ? [] : [{ column, instead }];
  });
  const nameOf = (name: string) => {
    const n = stored.findIndex((s) => s.column.name === name);
    return n < 0 ? newOf(name) : storedName(n);
  };
  return {
    value: readFrom("NEW", expression, table, dialect),
    stored,
    again: withSources(expression, table, dialect, nameOf),
  };
}
