import { accept, acceptOneOf, type Cursor, expect, fail, next, peek } from "../cursor.js";
import { readDataType } from "../data-type.js";
import { readExpression } from "../expression/expression.js";
import { readIdentifier, readRelation } from "../names.js";

/** What a routine says of itself between its parameters and its body. */
export const CHARACTERISTICS: readonly (readonly string[])[] = [
  ["NOT", "DETERMINISTIC"],
  ["DETERMINISTIC"],
  ["CONTAINS", "SQL"],
  ["NO", "SQL"],
  ["READS", "SQL", "DATA"],
  ["MODIFIES", "SQL", "DATA"],
  ["SQL", "SECURITY", "DEFINER"],
  ["SQL", "SECURITY", "INVOKER"],
];

/**
 * The parameters, RETURNS and characteristics of a routine, up to its body. True when its body was among them, in
 * another language than SQL. @throws Unreadable
 */
export function readRoutineHead(cursor: Cursor, isFunction: boolean): boolean {
  readParameters(cursor);
  if (isFunction) {
    expect(cursor, "RETURNS");
    readDataType(cursor);
    if (accept(cursor, "COLLATE")) next(cursor);
  }
  let foreign = false;
  for (;;) {
    if (accept(cursor, "AS")) foreign = readForeignBody(cursor);
    else if (!readCharacteristic(cursor)) return foreign;
  }
}

/** Behind `LANGUAGE JAVASCRIPT` a body stands between dollar signs, or quotes. */
function readForeignBody(cursor: Cursor): true {
  if (peek(cursor).kind !== "string") fail(cursor, "a body between $$ and $$");
  next(cursor);
  return true;
}

function readParameters(cursor: Cursor): void {
  expect(cursor, "(");
  if (accept(cursor, ")")) return;
  do {
    acceptOneOf(cursor, ["IN", "OUT", "INOUT"]);
    readIdentifier(cursor, "the name of a parameter");
    readVariableType(cursor);
    if (cursor.dialect === "mariadb" && accept(cursor, "DEFAULT")) readExpression(cursor);
  } while (accept(cursor, ","));
  expect(cursor, ")");
}

/** A type; MariaDB's `TYPE OF t.a` and `ROW TYPE OF t` take it from a table. @throws Unreadable */
export function readVariableType(cursor: Cursor): void {
  if (cursor.dialect === "mariadb" && accept(cursor, "ROW", "TYPE", "OF")) readRelation(cursor);
  else if (cursor.dialect === "mariadb" && accept(cursor, "TYPE", "OF")) {
    const { schema } = readRelation(cursor);
    if (schema === null) fail(cursor, ".");
    if (accept(cursor, ".")) readIdentifier(cursor, "the name of a column");
  } else readDataType(cursor);
}

function readCharacteristic(cursor: Cursor): boolean {
  if (accept(cursor, "COMMENT")) {
    if (peek(cursor).kind !== "string") fail(cursor, "a string");
    next(cursor);
    return true;
  }
  if (accept(cursor, "LANGUAGE")) return readLanguage(cursor);
  if (cursor.dialect === "mysql" && accept(cursor, "USING")) return readLibraries(cursor);
  return CHARACTERISTICS.some((words) => accept(cursor, ...words));
}

function readLanguage(cursor: Cursor): true {
  if (!accept(cursor, "SQL")) readIdentifier(cursor, "a language");
  return true;
}

/** MySQL's `USING (lib1, lib2 AS b)`. */
function readLibraries(cursor: Cursor): boolean {
  expect(cursor, "(");
  do {
    readRelation(cursor, "the name of a library");
    if (accept(cursor, "AS")) readIdentifier(cursor, "an alias");
  } while (accept(cursor, ","));
  expect(cursor, ")");
  return true;
}
