import { accept, acceptOneOf, type Cursor, expect, fail, next, peek } from "../cursor.js";
import { readDataType } from "../data-type.js";
import { readExpression } from "../expression/expression.js";
import { readIdentifier } from "../names.js";
import { nested } from "../nesting.js";

/** `JSON_TABLE(doc, '$[*]' COLUMNS (a INT PATH '$.a'))`. @throws Unreadable */
export function readJsonTable(cursor: Cursor): void {
  expect(cursor, "JSON_TABLE", "(");
  readExpression(cursor);
  expect(cursor, ",");
  readPath(cursor);
  readColumns(cursor);
  expect(cursor, ")");
}

function readPath(cursor: Cursor): void {
  if (peek(cursor).kind !== "string") fail(cursor, "a path in quotes");
  next(cursor);
}

function readColumns(cursor: Cursor): void {
  expect(cursor, "COLUMNS", "(");
  do nested(cursor, readColumn);
  while (accept(cursor, ","));
  expect(cursor, ")");
}

function readColumn(cursor: Cursor): void {
  if (accept(cursor, "NESTED")) {
    accept(cursor, "PATH");
    readPath(cursor);
    readColumns(cursor);
  } else {
    readIdentifier(cursor, "the name of a column");
    if (!accept(cursor, "FOR", "ORDINALITY")) readValueColumn(cursor);
  }
}

function readValueColumn(cursor: Cursor): void {
  readDataType(cursor);
  accept(cursor, "EXISTS");
  expect(cursor, "PATH");
  readPath(cursor);
  readFallbacks(cursor);
}

/** `DEFAULT '0' ON EMPTY ERROR ON ERROR`. */
function readFallbacks(cursor: Cursor): void {
  for (;;) {
    if (accept(cursor, "DEFAULT")) next(cursor);
    else if (acceptOneOf(cursor, ["NULL", "ERROR"]) === null) return;
    expect(cursor, "ON");
    if (acceptOneOf(cursor, ["EMPTY", "ERROR"]) === null) fail(cursor, "EMPTY or ERROR");
  }
}
