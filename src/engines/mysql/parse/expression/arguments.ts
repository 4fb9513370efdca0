import { accept, acceptOneOf, type Cursor, looksAt } from "../cursor.js";
import { beginsQuery } from "../table-option.js";
import { readExpression } from "./expression.js";
import { readInterval } from "./interval.js";

/** What stands between a call's parentheses: `a, b`, `DISTINCT a`, `d, INTERVAL 1 DAY`. @throws Unreadable */
export function readArguments(cursor: Cursor): void {
  acceptOneOf(cursor, ["DISTINCT", "ALL"]);
  do readArgument(cursor);
  while (accept(cursor, ","));
}

function readArgument(cursor: Cursor): void {
  const start = cursor.index;
  if (!looksAt(cursor, "INTERVAL") || beginsQuery(cursor, 0)) readExpression(cursor);
  else {
    readInterval(cursor);
    // `INTERVAL 1 DAY + d`, which is an expression and no interval.
    if (!looksAt(cursor, "+")) return;
    cursor.index = start;
    readExpression(cursor);
  }
}
