import { accept, type Cursor, expect, looksAt } from "../cursor.js";
import { nested } from "../nesting.js";
import { readExpression } from "./expression.js";

/** `CASE a WHEN 1 THEN 2 ELSE 3 END`; false when none stands there. @throws Unreadable */
export function readCase(cursor: Cursor): boolean {
  if (!accept(cursor, "CASE")) return false;
  nested(cursor, readArms);
  return true;
}

function readArms(cursor: Cursor): void {
  if (!looksAt(cursor, "WHEN")) readExpression(cursor);
  do {
    expect(cursor, "WHEN");
    readExpression(cursor);
    expect(cursor, "THEN");
    readExpression(cursor);
  } while (looksAt(cursor, "WHEN"));
  if (accept(cursor, "ELSE")) readExpression(cursor);
  expect(cursor, "END");
}
