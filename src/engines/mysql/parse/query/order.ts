import { accept, acceptOneOf, type Cursor, expect } from "../cursor.js";
import { readExpression } from "../expression/expression.js";

/** `ORDER BY a, b DESC`; false when none stands there. @throws Unreadable */
export function readOrderBy(cursor: Cursor): boolean {
  if (!accept(cursor, "ORDER")) return false;
  expect(cursor, "BY");
  readOrderList(cursor);
  return true;
}

/** `a, b DESC`, behind ORDER BY or GROUP BY. @throws Unreadable */
export function readOrderList(cursor: Cursor): void {
  do {
    readExpression(cursor);
    acceptOneOf(cursor, ["ASC", "DESC"]);
  } while (accept(cursor, ","));
}
