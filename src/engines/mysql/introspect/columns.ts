import type { Column } from "../../../model/catalog.js";
import type { Session } from "../../engine.js";
import { LENT_ENUM, literal } from "../names.js";
import type { MysqlDialect } from "../parse/dialect.js";
import type { TableRow } from "./tables.js";
import { expressionOf } from "./text.js";

export interface ColumnRow {
  readonly tableName: string;
  readonly name: string;
  readonly dataType: string;
  readonly type: string;
  readonly nullable: string;
  readonly defaultText: string | null;
  readonly extra: string;
  readonly generation: string | null;
  readonly characterSet: string | null;
  readonly collation: string | null;
  readonly comment: string;
  readonly srid: string | null;
}

/** All columns of the database's tables, in their order. */
export function readColumns(session: Session, dialect: MysqlDialect): Promise<ColumnRow[]> {
  return session.query<ColumnRow>(
    `SELECT TABLE_NAME AS tableName, COLUMN_NAME AS name, DATA_TYPE AS dataType, COLUMN_TYPE AS type,
            IS_NULLABLE AS nullable, COLUMN_DEFAULT AS defaultText, EXTRA AS extra, GENERATION_EXPRESSION AS generation,
            CHARACTER_SET_NAME AS characterSet, COLLATION_NAME AS collation, COLUMN_COMMENT AS comment,
            ${dialect === "mysql" ? "SRS_ID" : "NULL"} AS srid
     FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, ORDINAL_POSITION`,
  );
}

const NUMERIC = new Set(["tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double", "year"]);

/** Types whose equality forgives case, accents, trailing spaces or spelling; others are equal only when identical. */
const FORGIVING = /^(?:char|varchar|tinytext|text|mediumtext|longtext|json|float|double)$/;

/**
 * MariaDB prints defaults as SQL. MySQL prints the bare value of a literal, and marks an expression in EXTRA; except for
 * CURRENT_TIMESTAMP an expression stands in brackets there.
 */
function defaultOf(row: ColumnRow, dialect: MysqlDialect): string | null {
  const text = row.defaultText;
  if (text === null) return null;
  if (dialect === "mariadb") return text === "NULL" ? null : text;
  if (/\bDEFAULT_GENERATED\b/.test(row.extra))
    return /^(?:CURRENT_TIMESTAMP|now)\b/i.test(text) ? text : `(${expressionOf(text, dialect)})`;
  if (NUMERIC.has(row.dataType) || /^b'[01]*'$/.test(text)) return text;
  if (/^(?:var)?binary$/.test(row.dataType) && /^0x(?:[0-9A-F]{2})+$/i.test(text)) return text;
  return literal(text);
}

/** True unless a default is one constant. Null when there is none. */
export function isVolatileDefault(text: string | null): boolean | null {
  if (text === null) return null;
  return !/^(?:[-+]?[\d.]+(?:e[-+]?\d+)?|[bBxX]?'(?:[^'\\]|''|\\.)*'|0x[0-9a-f]*|NULL|TRUE|FALSE)$/is.test(text.trim());
}

function generatedOf(row: ColumnRow, dialect: MysqlDialect): Column["generated"] {
  const kind = /\b(VIRTUAL|STORED|PERSISTENT) GENERATED\b/i.exec(row.extra)?.[1];
  if (kind === undefined) return null;
  const expression = expressionOf(row.generation ?? "", dialect);
  return Object.freeze({ kind: kind.toUpperCase() === "VIRTUAL" ? "virtual" : "stored", expression });
}

/** `on update CURRENT_TIMESTAMP(3)` stands in EXTRA. */
const onUpdateOf = (row: ColumnRow): string | null => /on update ([a-z_]+(?:\(\d*\))?)/i.exec(row.extra)?.[1] ?? null;

function settingsOf(row: ColumnRow, checks: readonly string[]): string[] {
  return [
    ...(row.srid === null ? [] : [`SRID ${row.srid}`]),
    ...(/\bINVISIBLE\b/i.test(row.extra) ? ["INVISIBLE"] : []),
    ...checks.map((clause) => `CHECK (${clause})`),
  ];
}

/** What is read of a column elsewhere. */
export interface ColumnExtras {
  /** MariaDB's column-level CHECK clauses: they are part of the definition there. */
  readonly checks: readonly string[];
  readonly grants: readonly string[];
}

/** A default that we have lent is none of the column's. */
const isLent = (row: ColumnRow, text: string | null): boolean =>
  row.dataType === "enum" && (text === LENT_ENUM || text === LENT_ENUM.slice(1, -1));

export function columnOf(row: ColumnRow, table: TableRow, extras: ColumnExtras, dialect: MysqlDialect): Column {
  const shown = defaultOf(row, dialect);
  const text = isLent(row, shown) ? null : shown;
  return Object.freeze({
    name: row.name,
    type: row.type,
    notNull: row.nullable === "NO",
    default: /GENERATED$/i.test(row.extra) && !/DEFAULT_GENERATED/.test(row.extra) ? null : text,
    defaultVolatile: isVolatileDefault(text),
    collation: row.collation === table.collation ? null : row.collation,
    characterSet: row.characterSet === table.characterSet ? null : row.characterSet,
    generated: generatedOf(row, dialect),
    identity: null,
    autoIncrement: /\bauto_increment\b/i.test(row.extra),
    comment: row.comment === "" ? null : row.comment,
    onUpdate: onUpdateOf(row),
    comparable: !FORGIVING.test(row.dataType),
    settings: Object.freeze(settingsOf(row, extras.checks)),
    grants: Object.freeze(extras.grants),
  });
}
