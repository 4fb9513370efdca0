import { accept, acceptOneOf, type Cursor, expect, fail, next, peek, sees } from "../../cursor.js";
import { readExpression } from "../../expression/expression.js";
import { readIdentifier } from "../../names.js";
import { nested } from "../../nesting.js";
import { pattern } from "../../pattern/compile.js";
import { matchStart } from "../../pattern/match.js";
import { readQueryExpression } from "../../query/query.js";
import { textFrom } from "../../token-text.js";
import { readVariableType } from "../routine.js";
import { readBodyStatement } from "./body.js";
import { type Collector, noteAsked, settle } from "./collector.js";

/** `DECLARE` of a variable, condition, cursor or handler; false when none stands there. @throws Unreadable */
export function readDeclaration(cursor: Cursor, collector: Collector): boolean {
  if (!accept(cursor, "DECLARE")) return false;
  const handler = ["CONTINUE", "EXIT", "UNDO"].some((word) => sees(cursor, word, "HANDLER"));
  if (handler) readHandler(cursor, collector);
  else {
    const start = cursor.index;
    readNamed(cursor);
    noteAsked(collector, textFrom(cursor, start));
  }
  return true;
}

/** `CONTINUE HANDLER FOR NOT FOUND, 1062 statement`: what it runs depends on an error. */
function readHandler(cursor: Cursor, collector: Collector): void {
  cursor.index += 2;
  expect(cursor, "FOR");
  do readCondition(cursor);
  while (accept(cursor, ","));
  collector.handled = true;
  collector.conditions += 1;
  const from = collector.operations.length;
  nested(cursor, (each) => readBodyStatement(each, collector));
  settle(collector, from, null);
  collector.conditions -= 1;
}

function readCondition(cursor: Cursor): void {
  if (accept(cursor, "NOT", "FOUND") || acceptOneOf(cursor, ["SQLWARNING", "SQLEXCEPTION"]) !== null) return;
  if (readCode(cursor)) return;
  readIdentifier(cursor, "a condition");
}

/** `SQLSTATE '23000'`, or the number of an error. */
function readCode(cursor: Cursor): boolean {
  const state = accept(cursor, "SQLSTATE");
  if (state) accept(cursor, "VALUE");
  if (peek(cursor).kind !== (state ? "string" : "number")) return state ? fail(cursor, "a state in quotes") : false;
  next(cursor);
  return true;
}

function readNamed(cursor: Cursor): void {
  readIdentifier(cursor, "a name");
  if (accept(cursor, "CONDITION")) {
    expect(cursor, "FOR");
    if (!readCode(cursor)) fail(cursor, "SQLSTATE or the number of an error");
  } else if (sees(cursor, "CURSOR")) readCursor(cursor);
  else readVariables(cursor);
}

function readCursor(cursor: Cursor): void {
  next(cursor);
  const parameters = "[<mariadb> ( {[IN] <name> <type>}... )]";
  matchStart(cursor, pattern(parameters));
  expect(cursor, "FOR");
  // MariaDB also takes the name of a prepared statement.
  readQueryExpression(cursor);
}

function readVariables(cursor: Cursor): void {
  while (accept(cursor, ",")) readIdentifier(cursor, "a variable");
  readVariableType(cursor);
  if (accept(cursor, "COLLATE")) next(cursor);
  if (accept(cursor, "DEFAULT")) readExpression(cursor);
}
