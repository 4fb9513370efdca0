import { accept, atEnd, type Cursor, expect, fail, looksAt, peek } from "../../cursor.js";
import { readExpression } from "../../expression/expression.js";
import { readIdentifier, seesIdentifier } from "../../names.js";
import { readBodyStatement } from "./body.js";
import { type Collector, settle } from "./collector.js";
import { readForHead } from "./for.js";
import { questionIn } from "./question.js";

/** Reads a compound statement; false when none stands there. @throws Unreadable */
export function readBlock(cursor: Cursor, collector: Collector, label: string | null): boolean {
  if (accept(cursor, "BEGIN")) readBegin(cursor, collector, label);
  else if (accept(cursor, "IF")) readIf(cursor, collector);
  else if (accept(cursor, "CASE")) readCase(cursor, collector);
  else return readLoop(cursor, collector, label);
  return true;
}

function readBegin(cursor: Cursor, collector: Collector, label: string | null): void {
  accept(cursor, "NOT", "ATOMIC");
  readStatements(cursor, collector, ["END"]);
  expect(cursor, "END");
  readEndLabel(cursor, label);
}

function readIf(cursor: Cursor, collector: Collector): void {
  collector.conditions += 1;
  const first = collector.operations.length;
  settle(collector, first, readBranch(cursor, collector));
  const others = collector.operations.length;
  while (accept(cursor, "ELSEIF")) readBranch(cursor, collector);
  if (accept(cursor, "ELSE")) readSome(cursor, collector, ["END"]);
  expect(cursor, "END", "IF");
  settle(collector, others, null);
  collector.conditions -= 1;
}

/** A condition and what stands behind its THEN; the question that the condition is, or null. */
function readBranch(cursor: Cursor, collector: Collector): string | null {
  const start = cursor.index;
  readExpression(cursor);
  const question = questionIn(cursor.tokens.slice(start, cursor.index), cursor.text, collector.asked);
  expect(cursor, "THEN");
  readSome(cursor, collector, ["ELSEIF", "ELSE", "END"]);
  return question;
}

function readCase(cursor: Cursor, collector: Collector): void {
  collector.conditions += 1;
  const from = collector.operations.length;
  if (!looksAt(cursor, "WHEN")) readExpression(cursor);
  if (!looksAt(cursor, "WHEN")) fail(cursor, "WHEN");
  while (accept(cursor, "WHEN")) {
    readExpression(cursor);
    expect(cursor, "THEN");
    readSome(cursor, collector, ["WHEN", "ELSE", "END"]);
  }
  if (accept(cursor, "ELSE")) readSome(cursor, collector, ["END"]);
  expect(cursor, "END", "CASE");
  settle(collector, from, null);
  collector.conditions -= 1;
}

function readLoop(cursor: Cursor, collector: Collector, label: string | null): boolean {
  const word = ["LOOP", "REPEAT", "WHILE", "FOR"].find((each) => accept(cursor, each));
  if (word === undefined || (word === "FOR" && cursor.dialect === "mysql")) return false;
  collector.loops += 1;
  const from = collector.operations.length;
  if (word === "FOR") readForHead(cursor);
  if (word === "WHILE") readExpression(cursor);
  if (word === "WHILE" || word === "FOR") expect(cursor, "DO");
  readSome(cursor, collector, word === "REPEAT" ? ["UNTIL"] : ["END"]);
  if (word === "REPEAT") {
    expect(cursor, "UNTIL");
    readExpression(cursor);
  }
  expect(cursor, "END", word);
  readEndLabel(cursor, label);
  settle(collector, from, null);
  collector.loops -= 1;
  return true;
}

/** At least one statement. */
function readSome(cursor: Cursor, collector: Collector, until: readonly string[]): void {
  const start = cursor.index;
  readStatements(cursor, collector, until);
  if (cursor.index === start) fail(cursor, "a statement");
}

/** Statements with a semicolon behind each, up to one of these words. */
function readStatements(cursor: Cursor, collector: Collector, until: readonly string[]): void {
  while (!until.some((word) => looksAt(cursor, word))) {
    if (atEnd(cursor)) fail(cursor, until.join(" or "));
    readBodyStatement(cursor, collector);
    if (peek(cursor).kind !== "semicolon") fail(cursor, ";");
    cursor.index += 1;
  }
}

/** The label may stand again behind the end of what it names. */
function readEndLabel(cursor: Cursor, label: string | null): void {
  if (!seesIdentifier(cursor)) return;
  const again = readIdentifier(cursor, "a label");
  if (label === null || again.toLowerCase() !== label.toLowerCase()) fail(cursor, "the label of the block");
}
