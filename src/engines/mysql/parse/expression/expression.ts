import { accept, acceptOneOf, type Cursor, expect, fail, looksAt, peek } from "../cursor.js";
import { nested } from "../nesting.js";
import { readSubquery, seesSubquery } from "../query/subquery.js";
import { readInterval } from "./interval.js";
import { readOperand } from "./operand.js";

const COMPARISONS = ["=", "<=>", ">=", ">", "<=", "<", "<>", "!="] as const;
const ARITHMETIC = ["|", "&", "<<", ">>", "+", "-", "*", "/", "%", "DIV", "MOD", "^", "||"] as const;

/**
 * Moves over an expression, by the levels of the servers' own grammar: what is no expression to them is none here.
 * Nothing is made of it. @throws Unreadable
 */
export function readExpression(cursor: Cursor): void {
  nested(cursor, readLogic);
}

function readLogic(cursor: Cursor): void {
  do readNegation(cursor);
  while (acceptOneOf(cursor, ["AND", "&&", "OR", "XOR"]) !== null);
}

/** `||` is OR or the joining of strings, by sql_mode: it stands among the arithmetic, where both may. */
function readNegation(cursor: Cursor): void {
  while (accept(cursor, "NOT"));
  readComparison(cursor);
}

function readComparison(cursor: Cursor): void {
  readPredicate(cursor);
  for (;;) {
    if (accept(cursor, "IS")) {
      if (!readTruth(cursor)) return;
    } else if (acceptOneOf(cursor, COMPARISONS) === null) return;
    else if (acceptOneOf(cursor, ["ALL", "ANY", "SOME"]) !== null) readSubquery(cursor);
    else readPredicate(cursor);
  }
}

/** Behind IS; false where MySQL lets no further comparison follow. */
function readTruth(cursor: Cursor): boolean {
  accept(cursor, "NOT");
  if (accept(cursor, "NULL")) return true;
  if (acceptOneOf(cursor, ["TRUE", "FALSE", "UNKNOWN"]) === null) fail(cursor, "NULL, TRUE, FALSE or UNKNOWN");
  return cursor.dialect === "mariadb";
}

function readPredicate(cursor: Cursor): void {
  readArithmetic(cursor);
  while (readTest(cursor) && cursor.dialect === "mariadb");
}

/** `IN (...)`, `BETWEEN a AND b`, `LIKE a`, ..., of which MySQL takes one. */
function readTest(cursor: Cursor): boolean {
  const start = cursor.index;
  const negated = accept(cursor, "NOT");
  if (accept(cursor, "IN")) readList(cursor);
  else if (accept(cursor, "BETWEEN")) readBetween(cursor);
  else if (accept(cursor, "LIKE")) readLike(cursor);
  else if (acceptOneOf(cursor, ["REGEXP", "RLIKE"]) !== null) readArithmetic(cursor);
  else if (!negated && accept(cursor, "SOUNDS", "LIKE")) readArithmetic(cursor);
  else if (!negated && cursor.dialect === "mysql" && accept(cursor, "MEMBER")) readMember(cursor);
  else {
    cursor.index = start;
    return false;
  }
  return true;
}

/** `(1, 2)` or `(SELECT ...)`, behind IN. */
function readList(cursor: Cursor): void {
  if (seesSubquery(cursor)) readSubquery(cursor);
  else readExpressionList(cursor);
}

/** `(a, b)`, at least one. @throws Unreadable */
export function readExpressionList(cursor: Cursor): void {
  expect(cursor, "(");
  do readExpression(cursor);
  while (accept(cursor, ","));
  expect(cursor, ")");
}

function readBetween(cursor: Cursor): void {
  readArithmetic(cursor);
  expect(cursor, "AND");
  nested(cursor, readPredicate);
}

function readLike(cursor: Cursor): void {
  readArithmetic(cursor);
  if (accept(cursor, "ESCAPE")) readOperand(cursor);
}

function readMember(cursor: Cursor): void {
  accept(cursor, "OF");
  expect(cursor, "(");
  readOperand(cursor);
  expect(cursor, ")");
}

/** Operands and what joins them, without comparisons and tests. An interval may only be added to or taken from something, or come first. */
export function readArithmetic(cursor: Cursor): void {
  if (seesInterval(cursor)) {
    const argument = cursor.argument === cursor.index;
    readInterval(cursor);
    if (argument && !looksAt(cursor, "+")) return;
    expect(cursor, "+");
  }
  readOperand(cursor);
  for (let joint = acceptOneOf(cursor, ARITHMETIC); joint !== null; joint = acceptOneOf(cursor, ARITHMETIC)) {
    if ((joint === "+" || joint === "-") && seesInterval(cursor)) readInterval(cursor);
    else readOperand(cursor);
  }
}

/** `INTERVAL 1 DAY`, and not the function `INTERVAL(a, b)`. */
function seesInterval(cursor: Cursor): boolean {
  return looksAt(cursor, "INTERVAL") && (!looksAt(cursor, "(", 1) || !seesList(cursor));
}

/** Whether the parenthesis behind INTERVAL holds a list, which makes it a call. */
function seesList(cursor: Cursor): boolean {
  let depth = 0;
  for (let ahead = 1; peek(cursor, ahead).kind !== "end"; ahead += 1) {
    if (looksAt(cursor, "(", ahead)) depth += 1;
    else if (looksAt(cursor, ")", ahead)) depth -= 1;
    else if (depth === 1 && looksAt(cursor, ",", ahead)) return true;
    if (depth === 0) return false;
  }
  return false;
}
