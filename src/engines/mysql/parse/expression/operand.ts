import { accept, acceptOneOf, type Cursor, expect, fail, looksAt, next, peek } from "../cursor.js";
import { readCharsetName } from "../data-type.js";
import { readIdentifier, seesIdentifier } from "../names.js";
import { nested } from "../nesting.js";
import { readSubquery, seesSubquery } from "../query/subquery.js";
import { readCall, readOwnCall, seesCall } from "./call.js";
import { readCase } from "./case.js";
import { readExpression, readExpressionList } from "./expression.js";
import { readLiteral } from "./literal.js";

type Reader = (cursor: Cursor) => boolean;

const PREFIXES = ["-", "+", "~", "!", "BINARY"] as const;
const READERS: readonly Reader[] = [readLiteral, readParentheses, readCase, readVariable, readKeyword, readNamed];

/** One operand with its signs and collation: a literal, a column, a call, `(...)`. @throws Unreadable */
export function readOperand(cursor: Cursor): void {
  while (seesPrefix(cursor)) next(cursor);
  if (!READERS.some((read) => read(cursor))) fail(cursor, "an expression");
  while (accept(cursor, "COLLATE")) readCharsetName(cursor);
}

function seesPrefix(cursor: Cursor): boolean {
  return PREFIXES.some((sign) => looksAt(cursor, sign));
}

function readParentheses(cursor: Cursor): boolean {
  if (looksAt(cursor, "ROW") && looksAt(cursor, "(", 1)) next(cursor);
  else if (looksAt(cursor, "{")) return readOdbc(cursor);
  else if (!looksAt(cursor, "(")) return false;
  if (seesSubquery(cursor)) readSubquery(cursor);
  else nested(cursor, readExpressionList);
  return true;
}

/** `{d '2020-01-01'}`. */
function readOdbc(cursor: Cursor): boolean {
  next(cursor);
  readIdentifier(cursor, "d, t or ts");
  readExpression(cursor);
  expect(cursor, "}");
  return true;
}

/** `@x`, `@@session.x`, `@x := 1`, and a parameter. */
function readVariable(cursor: Cursor): boolean {
  if (accept(cursor, "?")) return true;
  if (peek(cursor).kind !== "variable") return false;
  next(cursor);
  if (accept(cursor, ":=")) readExpression(cursor);
  return true;
}

function readKeyword(cursor: Cursor): boolean {
  if (accept(cursor, "EXISTS")) readSubquery(cursor);
  else if (cursor.dialect === "mariadb" && seesSequence(cursor)) {
    cursor.index += 3;
    readQualified(cursor);
  } else return false;
  return true;
}

/** `NEXT VALUE FOR s`, `PREVIOUS VALUE FOR s`. */
function seesSequence(cursor: Cursor): boolean {
  const word = looksAt(cursor, "NEXT") || looksAt(cursor, "PREVIOUS");
  return word && looksAt(cursor, "VALUE", 1) && looksAt(cursor, "FOR", 2);
}

function readNamed(cursor: Cursor): boolean {
  if (seesCall(cursor)) {
    readCall(cursor);
    return true;
  }
  const leadingDot = cursor.dialect === "mariadb" && looksAt(cursor, ".");
  if (!seesIdentifier(cursor) && !leadingDot) return false;
  readQualified(cursor);
  // JSON's `column -> '$.path'`, which MariaDB does not have.
  if (cursor.dialect === "mysql" && acceptOneOf(cursor, ["->", "->>"]) !== null) {
    if (peek(cursor).kind !== "string") fail(cursor, "a path in quotes");
    next(cursor);
  }
  return true;
}

/** `a`, `t.a`, `s.t.a`; MariaDB's `.t.a`. */
function readQualified(cursor: Cursor): void {
  const dotted = accept(cursor, ".");
  const parts = [readIdentifier(cursor, "a name")];
  if (dotted && !looksAt(cursor, ".")) fail(cursor, ".");
  while (parts.length < (dotted ? 2 : 3) && accept(cursor, ".")) parts.push(readIdentifier(cursor, "a name"));
  const [schema, name, ...more] = parts;
  if (!looksAt(cursor, "(") || schema === undefined || name === undefined || more.length > 0) return;
  readOwnCall(cursor, schema, name);
}
