import { skipBrackets } from "./brackets.js";
import { accept, acceptOneOf, atEnd, type Cursor, fail, looksAt, next, peek, sees } from "./cursor.js";
import { readRelation, seesIdentifier } from "./names.js";
import { textFrom } from "./token-text.js";

const CONSTANTS = ["NULL", "TRUE", "FALSE"] as const;
/** Functions that may be called without parentheses. */
const CLOCKS = [
  "CURRENT_TIMESTAMP",
  "CURRENT_DATE",
  "CURRENT_TIME",
  "CURRENT_USER",
  "CURRENT_ROLE",
  "LOCALTIME",
  "LOCALTIMESTAMP",
  "UTC_DATE",
  "UTC_TIME",
  "UTC_TIMESTAMP",
] as const;

/**
 * The expression behind DEFAULT, as written: a literal, a clock, `(expression)`; on MariaDB also a call, `NEXT VALUE
 * FOR s`, CASE, a variable and another column. @throws Unreadable
 */
export function readDefault(cursor: Cursor): string {
  const start = cursor.index;
  if (looksAt(cursor, "(")) skipBrackets(cursor, "an expression");
  else if (!readClock(cursor) && !readLiteral(cursor) && !readMariadbExpression(cursor)) {
    fail(cursor, "the value of DEFAULT");
  }
  return textFrom(cursor, start);
}

/** `CURRENT_TIMESTAMP(6)`, as written, behind ON UPDATE. @throws Unreadable */
export function readOnUpdate(cursor: Cursor): string {
  const start = cursor.index;
  if (!readClock(cursor)) fail(cursor, "CURRENT_TIMESTAMP");
  return textFrom(cursor, start);
}

function readClock(cursor: Cursor): boolean {
  const called = looksAt(cursor, "NOW") || looksAt(cursor, "CURRENT_TIMESTAMP");
  if (acceptOneOf(cursor, called ? ["NOW", ...CLOCKS] : CLOCKS) === null) return false;
  if (looksAt(cursor, "(")) skipBrackets(cursor, "a precision");
  return true;
}

/** A constant, number or string, with its sign, its introducer (`_utf8mb4'x'`, `DATE '2020-01-01'`) and collation. */
function readLiteral(cursor: Cursor): boolean {
  if (acceptOneOf(cursor, CONSTANTS) !== null) return true;
  if (looksAt(cursor, "+") || looksAt(cursor, "-")) return readSigned(cursor);
  const introduced = introducer(cursor) ? 1 : 0;
  const { kind } = peek(cursor, introduced);
  if (kind !== "string" && kind !== "number") return false;
  cursor.index += introduced + 1;
  // Adjacent strings are one string.
  while (kind === "string" && peek(cursor).kind === "string") next(cursor);
  return true;
}

function readSigned(cursor: Cursor): boolean {
  next(cursor);
  if (peek(cursor).kind !== "number") fail(cursor, "a number");
  next(cursor);
  return true;
}

function introducer(cursor: Cursor): boolean {
  const { kind, upper } = peek(cursor);
  return kind === "word" && (/^_[A-Z0-9]+$/.test(upper) || ["DATE", "TIME", "TIMESTAMP"].includes(upper));
}

function readMariadbExpression(cursor: Cursor): boolean {
  if (cursor.dialect !== "mariadb") return false;
  if (accept(cursor, "NEXT", "VALUE", "FOR")) {
    readRelation(cursor, "the name of a sequence");
    return true;
  }
  if (looksAt(cursor, "CASE")) return readCase(cursor);
  return peek(cursor).kind === "variable" ? readVariable(cursor) : readCallOrColumn(cursor);
}

function readVariable(cursor: Cursor): boolean {
  next(cursor);
  return true;
}

/** `uuid()`, `s.f(1)`; also another column of the row, `a` or `t.a`. */
function readCallOrColumn(cursor: Cursor): boolean {
  const called = looksAt(cursor, "(", 1);
  if (!called && !seesIdentifier(cursor)) return false;
  if (peek(cursor).kind !== "word" && peek(cursor).kind !== "quoted") return false;
  next(cursor);
  while (accept(cursor, ".")) next(cursor);
  if (looksAt(cursor, "(")) skipBrackets(cursor, "arguments");
  return true;
}

function readCase(cursor: Cursor): boolean {
  let depth = 0;
  do {
    if (atEnd(cursor)) fail(cursor, "END");
    if (looksAt(cursor, "(")) {
      skipBrackets(cursor, "an expression");
      continue;
    }
    if (sees(cursor, "CASE")) depth += 1;
    else if (sees(cursor, "END")) depth -= 1;
    next(cursor);
  } while (depth > 0);
  return true;
}
