import { accept, acceptOneOf, type Cursor, expect, fail, looksAt } from "../cursor.js";
import { readColumnNames, readIdentifier } from "../names.js";
import { readSubquery } from "./subquery.js";

/** `WITH [RECURSIVE] a (x) AS (SELECT ...), b AS (...)`; false when none stands there. @throws Unreadable */
export function readWith(cursor: Cursor): boolean {
  if (!accept(cursor, "WITH")) return false;
  const recursive = accept(cursor, "RECURSIVE");
  do readCte(cursor, recursive);
  while (accept(cursor, ","));
  return true;
}

function readCte(cursor: Cursor, recursive: boolean): void {
  const name = readIdentifier(cursor, "the name of a common table expression");
  // Known before its own query, which may be recursive.
  cursor.ctes.add(name.toLowerCase());
  if (looksAt(cursor, "(")) readColumnNames(cursor);
  expect(cursor, "AS");
  readSubquery(cursor);
  if (recursive && cursor.dialect === "mariadb" && accept(cursor, "CYCLE")) readCycle(cursor);
}

/** `CYCLE a, b RESTRICT`. */
function readCycle(cursor: Cursor): void {
  do readIdentifier(cursor, "the name of a column");
  while (accept(cursor, ","));
  if (acceptOneOf(cursor, ["RESTRICT"]) === null) fail(cursor, "RESTRICT");
}
