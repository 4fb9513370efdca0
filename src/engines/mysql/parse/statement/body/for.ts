import { accept, atEnd, type Cursor, expect, fail, looksAt, peek } from "../../cursor.js";
import { readIdentifier } from "../../names.js";
import { readSubquery, seesSubquery } from "../../query/subquery.js";

/** MariaDB's `FOR i IN [REVERSE] 1 .. 10` and `FOR r IN (SELECT ...)`, from behind FOR to DO. @throws Unreadable */
export function readForHead(cursor: Cursor): void {
  readIdentifier(cursor, "a variable");
  expect(cursor, "IN");
  accept(cursor, "REVERSE");
  if (seesSubquery(cursor)) {
    readSubquery(cursor);
    return;
  }
  // `1..10` are no tokens that an expression has: the bounds are not looked into.
  const start = cursor.index;
  while (!looksAt(cursor, "DO")) {
    if (atEnd(cursor) || peek(cursor).kind === "semicolon") fail(cursor, "DO");
    cursor.index += 1;
  }
  if (cursor.index === start) fail(cursor, "bounds or a cursor");
}
