import { skipBrackets } from "../brackets.js";
import { accept, acceptOneOf, type Cursor, expect, fail, looksAt, next, peek } from "../cursor.js";
import { readCharsetName, readDataType } from "../data-type.js";
import { readIdentifier } from "../names.js";
import { readLimit } from "../query/limit.js";
import { readOrderBy } from "../query/order.js";
import { readArguments } from "./arguments.js";
import { readArithmetic, readExpression } from "./expression.js";
import { readUnit } from "./interval.js";
import { readLiteral, readNumber, readSignedNumber } from "./literal.js";

type Reader = (cursor: Cursor) => void;

/** Functions whose arguments are no plain list, by name: what stands between the parentheses. */
export const SPECIAL: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["CAST", readCast],
  ["CHAR", readChar],
  ["CONVERT", readConvert],
  ["COUNT", readCount],
  ["DEFAULT", readColumnReference],
  ["CURRENT_TIME", readPrecision],
  ["CURRENT_TIMESTAMP", readPrecision],
  ["CURTIME", readPrecision],
  ["EXTRACT", readExtract],
  ["GET_FORMAT", readGetFormat],
  ["GROUP_CONCAT", readGroupConcat],
  ["IF", readIf],
  ["JSON_VALUE", readJsonValue],
  ["LOCALTIME", readPrecision],
  ["LOCALTIMESTAMP", readPrecision],
  ["NOW", readPrecision],
  ["POINT", readPair],
  ["POSITION", readPosition],
  ["SYSDATE", readPrecision],
  ["SUBSTR", readSubstring],
  ["SUBSTRING", readSubstring],
  ["TIMESTAMPADD", readTimestamp],
  ["TIMESTAMPDIFF", readTimestamp],
  ["TRIM", readTrim],
  ["UTC_TIME", readPrecision],
  ["UTC_TIMESTAMP", readPrecision],
  ["WEIGHT_STRING", readWeight],
]);

function readCast(cursor: Cursor): void {
  readExpression(cursor);
  if (cursor.dialect === "mysql" && accept(cursor, "AT", "TIME", "ZONE")) {
    accept(cursor, "INTERVAL");
    next(cursor);
  }
  expect(cursor, "AS");
  readCastType(cursor);
  if (cursor.dialect === "mysql") accept(cursor, "ARRAY");
}

/** Types of columns that are none to cast to. */
const NO_CASTS: Readonly<Record<Cursor["dialect"], RegExp>> = Object.freeze({
  mysql:
    /^(TINY|SMALL|MEDIUM|BIG)?INT|^(TINY|MEDIUM|LONG)?(TEXT|BLOB)$|^(VAR|ENUM|SET$|BIT$|BOOL|TIMESTAMP|NUMERIC|NVAR|LONG)/,
  mariadb:
    /^(TINY|SMALL|MEDIUM|BIG)INT|^(TINY|MEDIUM|LONG)?(TEXT|BLOB)$|^(VARB|ENUM|SET$|BIT$|BOOL|JSON|YEAR|REAL|NUMERIC|NVAR|LONG)/,
});

function readCastType(cursor: Cursor): void {
  if (acceptOneOf(cursor, ["SIGNED", "UNSIGNED"]) !== null) acceptOneOf(cursor, ["INTEGER", "INT"]);
  else if (cursor.dialect === "mariadb" && accept(cursor, "INTERVAL", "DAY_SECOND")) {
    if (looksAt(cursor, "(")) skipBrackets(cursor, "a precision");
  } else if (NO_CASTS[cursor.dialect].test(peek(cursor).upper)) fail(cursor, "a type to cast to");
  else readDataType(cursor);
}

function readConvert(cursor: Cursor): void {
  readExpression(cursor);
  if (accept(cursor, "USING")) readCharsetName(cursor);
  else {
    expect(cursor, ",");
    readCastType(cursor);
  }
}

function readChar(cursor: Cursor): void {
  readArguments(cursor);
  if (accept(cursor, "USING")) readCharsetName(cursor);
}

function readCount(cursor: Cursor): void {
  if (!accept(cursor, "*")) readArguments(cursor);
}

/** `a`, `t.a`, `s.t.a`. @throws Unreadable */
export function readColumnReference(cursor: Cursor): void {
  do readIdentifier(cursor, "the name of a column");
  while (accept(cursor, "."));
}

function readConstant(cursor: Cursor): void {
  if (!readLiteral(cursor) && !readSignedNumber(cursor)) fail(cursor, "a constant");
}

/** Digits behind the second, or nothing. */
function readPrecision(cursor: Cursor): void {
  readNumber(cursor);
}

function readIf(cursor: Cursor): void {
  readExpression(cursor);
  expect(cursor, ",");
  readExpression(cursor);
  expect(cursor, ",");
  readExpression(cursor);
}

function readPair(cursor: Cursor): void {
  readExpression(cursor);
  expect(cursor, ",");
  readExpression(cursor);
}

function readExtract(cursor: Cursor): void {
  readUnit(cursor);
  expect(cursor, "FROM");
  readExpression(cursor);
}

function readGetFormat(cursor: Cursor): void {
  if (acceptOneOf(cursor, ["DATE", "TIME", "DATETIME", "TIMESTAMP"]) === null) fail(cursor, "DATE, TIME or DATETIME");
  expect(cursor, ",");
  readExpression(cursor);
}

function readGroupConcat(cursor: Cursor): void {
  readArguments(cursor);
  readOrderBy(cursor);
  if (accept(cursor, "SEPARATOR")) {
    if (peek(cursor).kind !== "string" && peek(cursor).kind !== "number") fail(cursor, "a string");
    next(cursor);
  }
  if (cursor.dialect === "mariadb") readLimit(cursor);
}

/** `JSON_VALUE(doc, '$.a' RETURNING CHAR NULL ON EMPTY ERROR ON ERROR)`. */
function readJsonValue(cursor: Cursor): void {
  readExpression(cursor);
  expect(cursor, ",");
  if (cursor.dialect === "mariadb") {
    readExpression(cursor);
    return;
  }
  if (peek(cursor).kind !== "string") fail(cursor, "a path in quotes");
  next(cursor);
  if (accept(cursor, "RETURNING")) readCastType(cursor);
  while (!looksAt(cursor, ")")) {
    if (accept(cursor, "DEFAULT")) readConstant(cursor);
    else if (acceptOneOf(cursor, ["NULL", "ERROR"]) === null) fail(cursor, ")");
    expect(cursor, "ON");
    if (acceptOneOf(cursor, ["EMPTY", "ERROR"]) === null) fail(cursor, "EMPTY or ERROR");
  }
}

function readPosition(cursor: Cursor): void {
  readArithmetic(cursor);
  expect(cursor, "IN");
  readExpression(cursor);
}

function readSubstring(cursor: Cursor): void {
  readExpression(cursor);
  if (accept(cursor, "FROM")) {
    readExpression(cursor);
    if (accept(cursor, "FOR")) readExpression(cursor);
  } else {
    expect(cursor, ",");
    readArguments(cursor);
  }
}

function readTimestamp(cursor: Cursor): void {
  readUnit(cursor);
  expect(cursor, ",");
  readArguments(cursor);
}

/** `TRIM(LEADING 'x' FROM a)`, `TRIM(a)`. */
function readTrim(cursor: Cursor): void {
  const side = acceptOneOf(cursor, ["LEADING", "TRAILING", "BOTH"]);
  if (side === null || !looksAt(cursor, "FROM")) readExpression(cursor);
  if (accept(cursor, "FROM")) readExpression(cursor);
  else if (side !== null) fail(cursor, "FROM");
}

function readWeight(cursor: Cursor): void {
  readArguments(cursor);
  if (!accept(cursor, "AS")) return;
  if (acceptOneOf(cursor, ["CHAR", "BINARY"]) === null) fail(cursor, "CHAR or BINARY");
  expect(cursor, "(");
  if (readNumber(cursor) === null) fail(cursor, "a length");
  expect(cursor, ")");
}
