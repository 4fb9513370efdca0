import { accept, acceptOneOf, type Cursor } from "../cursor.js";
import { readExpression } from "./expression.js";

/** What stands between a call's parentheses: `a, b`, `DISTINCT a`, `d, INTERVAL 1 DAY`. @throws Unreadable */
export function readArguments(cursor: Cursor): void {
  acceptOneOf(cursor, ["DISTINCT", "ALL"]);
  do readArgument(cursor);
  while (accept(cursor, ","));
}

/** An argument may be an interval that nothing is added to. */
function readArgument(cursor: Cursor): void {
  cursor.argument = cursor.index;
  readExpression(cursor);
}
