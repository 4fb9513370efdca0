import { type Cursor, expect, fail, looksAt, next, peek, spanFrom, Unreadable } from "./cursor.js";
import { readExpression } from "./expression/expression.js";
import { textBetween } from "./token-text.js";

/** Moves over `( ... )`, and gives what stands between them. @throws Unreadable when it is empty or not closed */
export function readBracketed(cursor: Cursor, what: string): string {
  const open = cursor.index;
  skipBrackets(cursor, what);
  return between(cursor, open, what);
}

/** The same for an expression: what is none is refused. @throws Unreadable */
export function readBracketedExpression(cursor: Cursor, what: string): string {
  const open = cursor.index;
  if (!looksAt(cursor, "(")) fail(cursor, `( with ${what}`);
  expect(cursor, "(");
  if (looksAt(cursor, ")")) fail(cursor, what);
  readExpression(cursor);
  expect(cursor, ")");
  return between(cursor, open, what);
}

function between(cursor: Cursor, open: number, what: string): string {
  const inner = textBetween(cursor, open + 1, cursor.index - 1);
  if (inner === "") throw new Unreadable(`Expected ${what} between the parentheses.`, spanFrom(cursor, open));
  return inner;
}

/** The end of the statement; where the cursor is over a whole file, its semicolon. */
export function atTerminator(cursor: Cursor): boolean {
  const { kind } = peek(cursor);
  return kind === "end" || kind === "semicolon" || kind === "delimiter";
}

/** Moves over `( ... )`, whatever is in it. @throws Unreadable */
export function skipBrackets(cursor: Cursor, what: string): void {
  if (!looksAt(cursor, "(")) fail(cursor, `( with ${what}`);
  let depth = 0;
  do {
    if (atTerminator(cursor)) fail(cursor, ")");
    if (looksAt(cursor, "(")) depth += 1;
    else if (looksAt(cursor, ")")) depth -= 1;
    next(cursor);
  } while (depth > 0);
}
