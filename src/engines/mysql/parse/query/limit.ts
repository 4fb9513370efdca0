import { accept, acceptOneOf, type Cursor, expect, fail, next, peek } from "../cursor.js";
import { seesIdentifier } from "../names.js";

/** `LIMIT 5`, `LIMIT 5, 10`, `LIMIT 5 OFFSET 10`; MariaDB's `FETCH`. False when none stands there. @throws Unreadable */
export function readLimit(cursor: Cursor): boolean {
  if (accept(cursor, "LIMIT")) {
    if (cursor.dialect === "mariadb" && readExamined(cursor)) return true;
    readCount(cursor);
    if (accept(cursor, ",") || accept(cursor, "OFFSET")) readCount(cursor);
    if (cursor.dialect === "mariadb") readExamined(cursor);
    return true;
  }
  return cursor.dialect === "mariadb" && readFetch(cursor);
}

/** The `LIMIT 5` of UPDATE and DELETE. False when none stands there. @throws Unreadable */
export function readRowLimit(cursor: Cursor): boolean {
  if (!accept(cursor, "LIMIT")) return false;
  if (cursor.dialect === "mariadb" && readExamined(cursor)) return true;
  readCount(cursor);
  if (cursor.dialect === "mariadb") readExamined(cursor);
  return true;
}

/** A number, a parameter, or a variable of a routine. */
function readCount(cursor: Cursor): void {
  const { kind, text } = peek(cursor);
  if ((kind !== "number" || !/^[0-9a-fx]+$/i.test(text)) && text !== "?" && !seesIdentifier(cursor)) {
    fail(cursor, "a number of rows");
  }
  next(cursor);
}

function readExamined(cursor: Cursor): boolean {
  if (!accept(cursor, "ROWS")) return false;
  expect(cursor, "EXAMINED");
  readCount(cursor);
  return true;
}

/** `OFFSET 5 ROWS FETCH FIRST 10 ROWS ONLY`. */
function readFetch(cursor: Cursor): boolean {
  const offset = accept(cursor, "OFFSET");
  if (offset) {
    readCount(cursor);
    if (acceptOneOf(cursor, ["ROW", "ROWS"]) === null) fail(cursor, "ROWS");
  }
  if (!accept(cursor, "FETCH")) return offset;
  if (acceptOneOf(cursor, ["FIRST", "NEXT"]) === null) fail(cursor, "FIRST or NEXT");
  if (peek(cursor).kind === "number") readCount(cursor);
  if (acceptOneOf(cursor, ["ROW", "ROWS"]) === null) fail(cursor, "ROWS");
  if (!accept(cursor, "ONLY")) expect(cursor, "WITH", "TIES");
  return true;
}
