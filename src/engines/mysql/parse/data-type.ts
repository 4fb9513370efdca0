import { skipBrackets } from "./brackets.js";
import { accept, acceptOneOf, type Cursor, fail, looksAt, next, peek, sees } from "./cursor.js";
import type { MysqlDialect } from "./dialect.js";
import type { Token } from "./token.js";
import { tokenText } from "./token-text.js";

/** A type as written, without its character set and collation, which stand apart. */
export interface DataType {
  /** `VARCHAR(255)`, `INT UNSIGNED`, `enum('a','b')`. */
  readonly text: string;
  readonly characterSet: string | null;
  readonly collation: string | null;
  /** `SERIAL`: BIGINT UNSIGNED NOT NULL AUTO_INCREMENT UNIQUE. */
  readonly serial: boolean;
}

const TYPES: ReadonlySet<string> = new Set(
  `
BIT BOOL BOOLEAN TINYINT SMALLINT MEDIUMINT MIDDLEINT INT INTEGER BIGINT INT1 INT2 INT3 INT4 INT8 SERIAL
DECIMAL DEC NUMERIC FIXED FLOAT FLOAT4 FLOAT8 DOUBLE REAL
DATE TIME DATETIME TIMESTAMP YEAR
CHAR CHARACTER VARCHAR VARCHARACTER NCHAR NVARCHAR NATIONAL LONG
BINARY VARBINARY TINYBLOB BLOB MEDIUMBLOB LONGBLOB TINYTEXT TEXT MEDIUMTEXT LONGTEXT
ENUM SET JSON VECTOR
GEOMETRY POINT LINESTRING POLYGON MULTIPOINT MULTILINESTRING MULTIPOLYGON GEOMETRYCOLLECTION
`
    .trim()
    .split(/\s+/),
);

/** Types that only one of the servers has. */
const OWN: Readonly<Record<MysqlDialect, readonly string[]>> = Object.freeze({
  mysql: ["GEOMCOLLECTION"],
  mariadb: ["UUID", "INET4", "INET6", "XMLTYPE"],
});

/** Words that go on a type's name: `DOUBLE PRECISION`, `NATIONAL CHARACTER VARYING`, `LONG VARCHAR`. */
const CONTINUED: Readonly<Record<string, readonly string[]>> = Object.freeze({
  DOUBLE: ["PRECISION"],
  CHAR: ["VARYING"],
  CHARACTER: ["VARYING"],
  NCHAR: ["VARYING", "VARCHAR", "VARCHARACTER"],
  NATIONAL: ["CHAR", "CHARACTER", "VARCHAR", "VARCHARACTER"],
  LONG: ["CHAR", "CHARACTER", "VARCHAR", "VARCHARACTER", "VARBINARY"],
});

const MODIFIERS = ["UNSIGNED", "SIGNED", "ZEROFILL", "ASCII", "UNICODE", "BYTE", "BINARY"] as const;

/** Reads a type with its modifiers. @throws Unreadable for a type that the server does not have */
export function readDataType(cursor: Cursor): DataType {
  const start = cursor.index;
  const serial = peek(cursor).upper === "SERIAL";
  readTypeName(cursor);
  if (looksAt(cursor, "(")) skipBrackets(cursor, "the size or the members of the type");
  const kept: Token[] = cursor.tokens.slice(start, cursor.index);
  const { characterSet, collation } = readModifiers(cursor, kept);
  return { text: tokenText(cursor.text, kept), characterSet, collation, serial };
}

function readTypeName(cursor: Cursor): void {
  let word = peek(cursor).upper;
  if (!TYPES.has(word) && !OWN[cursor.dialect].includes(word)) fail(cursor, "a data type");
  next(cursor);
  for (let more = continuation(cursor, word); more !== null; more = continuation(cursor, word)) word = more;
}

function continuation(cursor: Cursor, word: string): string | null {
  return acceptOneOf(cursor, CONTINUED[word] ?? []);
}

/** Modifiers in any order. Those that are neither character set nor collation are added to `kept`. */
function readModifiers(cursor: Cursor, kept: Token[]): Pick<DataType, "characterSet" | "collation"> {
  let characterSet: string | null = null;
  let collation: string | null = null;
  for (;;) {
    const modifier = MODIFIERS.some((word) => looksAt(cursor, word));
    if (modifier) kept.push(next(cursor));
    else if (seesCharacterSet(cursor)) characterSet = readCharacterSet(cursor);
    else if (accept(cursor, "COLLATE")) collation = readCharsetName(cursor);
    else return { characterSet, collation };
  }
}

/** `CHARACTER SET`, `CHAR SET` or `CHARSET`. */
export function seesCharacterSet(cursor: Cursor): boolean {
  return sees(cursor, "CHARACTER", "SET") || sees(cursor, "CHAR", "SET") || looksAt(cursor, "CHARSET");
}

/** `CHARACTER SET utf8mb4`, also with `=`. @throws Unreadable */
export function readCharacterSet(cursor: Cursor): string {
  if (!accept(cursor, "CHARSET")) cursor.index += 2;
  accept(cursor, "=");
  return readCharsetName(cursor);
}

/** The name of a character set or collation; servers take it bare, quoted or as a string. @throws Unreadable */
export function readCharsetName(cursor: Cursor): string {
  const { kind } = peek(cursor);
  if (kind !== "word" && kind !== "quoted" && kind !== "string") fail(cursor, "the name of a character set");
  return next(cursor).value;
}
