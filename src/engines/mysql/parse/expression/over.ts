import { accept, acceptOneOf, type Cursor, expect, fail, looksAt } from "../cursor.js";
import { readIdentifier, seesIdentifier } from "../names.js";
import { readOrderBy } from "../query/order.js";
import { readExpression } from "./expression.js";
import { readInterval } from "./interval.js";

/** What may follow a call that is over a window: `FROM LAST RESPECT NULLS OVER w`, `OVER (PARTITION BY a)`. */
export function readOver(cursor: Cursor): void {
  if (cursor.dialect === "mariadb" && accept(cursor, "WITHIN", "GROUP", "(")) {
    readOrderBy(cursor);
    expect(cursor, ")");
  }
  if (cursor.dialect === "mysql") readNulls(cursor);
  if (!accept(cursor, "OVER")) return;
  if (looksAt(cursor, "(")) readWindow(cursor);
  else readIdentifier(cursor, "the name of a window");
}

/** Of these MySQL reads all and carries out the first of each. */
function readNulls(cursor: Cursor): void {
  if (!accept(cursor, "FROM", "FIRST")) accept(cursor, "FROM", "LAST");
  if (!accept(cursor, "RESPECT", "NULLS")) accept(cursor, "IGNORE", "NULLS");
}

/** `(w PARTITION BY a ORDER BY b ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)`. @throws Unreadable */
export function readWindow(cursor: Cursor): void {
  expect(cursor, "(");
  if (seesIdentifier(cursor) && !looksAt(cursor, "PARTITION")) readIdentifier(cursor, "the name of a window");
  if (accept(cursor, "PARTITION")) {
    expect(cursor, "BY");
    do readExpression(cursor);
    while (accept(cursor, ","));
  }
  readOrderBy(cursor);
  if (acceptOneOf(cursor, ["ROWS", "RANGE", "GROUPS"]) !== null) readFrame(cursor);
  expect(cursor, ")");
}

function readFrame(cursor: Cursor): void {
  if (accept(cursor, "BETWEEN")) {
    readEdge(cursor);
    expect(cursor, "AND");
  }
  readEdge(cursor);
  if (!accept(cursor, "EXCLUDE")) return;
  const kinds = [["NO", "OTHERS"], ["CURRENT", "ROW"], ["GROUP"], ["TIES"]];
  if (!kinds.some((words) => accept(cursor, ...words))) fail(cursor, "what to exclude");
}

function readEdge(cursor: Cursor): void {
  if (accept(cursor, "CURRENT", "ROW")) return;
  if (cursor.dialect === "mysql" && looksAt(cursor, "INTERVAL")) readInterval(cursor);
  else if (!accept(cursor, "UNBOUNDED")) readExpression(cursor);
  if (acceptOneOf(cursor, ["PRECEDING", "FOLLOWING"]) === null) fail(cursor, "PRECEDING or FOLLOWING");
}
