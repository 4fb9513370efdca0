import { readBracketedExpression } from "./brackets.js";
import { accept, acceptOneOf, type Cursor, expect, fail, looksAt, peek } from "./cursor.js";
import { readLiteral, readNumber, readSignedNumber } from "./expression/literal.js";
import { readOperand } from "./expression/operand.js";
import { textFrom } from "./token-text.js";

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
  if (looksAt(cursor, "(")) readBracketedExpression(cursor, "an expression");
  else if (!readClock(cursor) && !readLiteral(cursor) && !readSignedNumber(cursor) && !readMariadbExpression(cursor)) {
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
  if (accept(cursor, "(")) {
    readNumber(cursor);
    expect(cursor, ")");
  }
  return true;
}

/** A call, CASE, a variable, a sequence or another column: what needs no parentheses there. */
function readMariadbExpression(cursor: Cursor): boolean {
  if (cursor.dialect !== "mariadb") return false;
  const { kind } = peek(cursor);
  if (kind !== "word" && kind !== "quoted" && kind !== "variable") return false;
  readOperand(cursor);
  return true;
}
