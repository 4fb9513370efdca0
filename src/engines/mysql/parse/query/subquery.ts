import { type Cursor, expect } from "../cursor.js";
import { nested } from "../nesting.js";
import { beginsQuery } from "../table-option.js";
import { readQueryExpression } from "./query.js";

/** Whether a query in parentheses begins there. */
export function seesSubquery(cursor: Cursor): boolean {
  return beginsQuery(cursor, 0) && cursor.tokens[cursor.index]?.text === "(";
}

/** `(SELECT ...)`. @throws Unreadable */
export function readSubquery(cursor: Cursor): void {
  nested(cursor, () => {
    expect(cursor, "(");
    readQueryExpression(cursor);
    expect(cursor, ")");
  });
}
