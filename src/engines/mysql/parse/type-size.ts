import { accept, type Cursor, expect, fail, looksAt, next, peek } from "./cursor.js";
import type { MysqlDialect } from "./dialect.js";
import { readNumber } from "./expression/literal.js";

/** How many numbers may stand in the parentheses behind a type; `members` are strings. */
type Size = "none" | "one" | "needed" | "two" | "up to two" | "members";

/** Types that both servers have, by the size that they take. */
const BOTH: Readonly<Record<Size, string>> = Object.freeze({
  none: `BOOL BOOLEAN SERIAL DATE LONG JSON TINYBLOB MEDIUMBLOB LONGBLOB TINYTEXT MEDIUMTEXT LONGTEXT GEOMETRY POINT
  LINESTRING POLYGON MULTIPOINT MULTILINESTRING MULTIPOLYGON GEOMETRYCOLLECTION`,
  one: `BIT TINYINT SMALLINT MEDIUMINT MIDDLEINT INT INTEGER BIGINT INT1 INT2 INT3 INT4 INT8 TIME DATETIME TIMESTAMP YEAR
  CHAR CHARACTER NCHAR NATIONAL BINARY BLOB TEXT VECTOR`,
  needed: "VARCHAR VARCHARACTER NVARCHAR VARBINARY",
  two: "DOUBLE REAL FLOAT8",
  "up to two": "DECIMAL DEC NUMERIC FIXED FLOAT FLOAT4",
  members: "ENUM SET",
});

/** Types that only one of the servers has, or that take another size there. */
const OWN: Readonly<Record<MysqlDialect, Partial<Record<Size, string>>>> = Object.freeze({
  mysql: { none: "GEOMCOLLECTION" },
  mariadb: {
    none: "UUID INET4 INET6 XMLTYPE",
    one: "GEOMETRY POINT LINESTRING POLYGON MULTIPOINT MULTILINESTRING MULTIPOLYGON GEOMETRYCOLLECTION",
  },
});

const SIZES: Readonly<Record<MysqlDialect, ReadonlyMap<string, Size>>> = Object.freeze({
  mysql: sizesOf("mysql"),
  mariadb: sizesOf("mariadb"),
});

function sizesOf(dialect: MysqlDialect): ReadonlyMap<string, Size> {
  const lists = [...Object.entries(BOTH), ...Object.entries(OWN[dialect])] as readonly (readonly [Size, string])[];
  return new Map(lists.flatMap(([size, words]) => words.split(/\s+/).map((word) => [word, size] as const)));
}

/** Whether the server has a type of this name, in upper case. */
export function isType(word: string, dialect: MysqlDialect): boolean {
  return SIZES[dialect].has(word);
}

/**
 * Reads the size of the type that the words make (`["NATIONAL", "VARCHAR"]`). @throws Unreadable where one is missing,
 * and where one stands that the type does not take
 */
export function readTypeSize(cursor: Cursor, words: readonly string[]): void {
  const size = sizeOf(words, cursor.dialect);
  if (size === "members") readMembers(cursor);
  else if (size === "needed") readNumbers(cursor, 1, 1);
  else if (looksAt(cursor, "(") && size !== "none") {
    readNumbers(cursor, size === "two" ? 2 : 1, size === "one" ? 1 : 2);
  }
}

/** What varies needs a size; LONG is never given one. */
function sizeOf(words: readonly string[], dialect: MysqlDialect): Size {
  const [first = "", ...more] = words;
  if (first === "LONG") return "none";
  if (more.some((word) => word.startsWith("VAR"))) return "needed";
  return SIZES[dialect].get(first) ?? "none";
}

function readNumbers(cursor: Cursor, least: number, most: number): void {
  expect(cursor, "(");
  let count = 0;
  do {
    if (count === most || readNumber(cursor) === null) fail(cursor, "a size");
    count += 1;
  } while (accept(cursor, ","));
  if (count < least) fail(cursor, "a number of decimals");
  expect(cursor, ")");
}

/** A member is a string, which may be written in hexadecimal or binary digits. */
function readMembers(cursor: Cursor): void {
  expect(cursor, "(");
  do {
    const { kind, text } = peek(cursor);
    if (kind !== "string" && !(kind === "number" && /^(0[xb]|[xb]')/i.test(text))) fail(cursor, "a member in quotes");
    next(cursor);
  } while (accept(cursor, ","));
  expect(cursor, ")");
}
