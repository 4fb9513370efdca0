import type { Code } from "../../../../../model/detail/code.js";
import {
  accept,
  acceptOneOf,
  atEnd,
  type Cursor,
  expect,
  fail,
  looksAt,
  newCursor,
  peek,
  spanFrom,
} from "../../cursor.js";
import { readExpression } from "../../expression/expression.js";
import { readIdentifier, readRelation } from "../../names.js";
import { nested } from "../../nesting.js";
import { wordsIn } from "../../token-text.js";
import { readStatement } from "../statement.js";
import { readBlock } from "./block.js";
import { type Collector, newCollector, note, noteAsked } from "./collector.js";
import { readDeclaration } from "./declare.js";

/** The body of a routine, trigger or event, up to the end of the statement that makes it. @throws Unreadable */
export function readCode(cursor: Cursor): Code {
  const start = cursor.index;
  if (atEnd(cursor)) fail(cursor, "a body");
  const collector = newCollector();
  readBodyStatement(cursor, collector);
  const span = Object.freeze(spanFrom(cursor, start));
  const operations = Object.freeze(collector.operations);
  const handled = collector.handled ? ({ handled: true } as const) : {};
  const words = wordsIn(cursor.tokens.slice(start, cursor.index));
  const unknown = Object.freeze(collector.unknown);
  return Object.freeze({ language: "sql", span, operations, unknown, words, ...handled });
}

/** One statement of a body, up to its semicolon. @throws Unreadable */
export function readBodyStatement(cursor: Cursor, collector: Collector): void {
  const label = readLabel(cursor);
  if (nested(cursor, (each) => readBlock(each, collector, label))) return;
  if (label !== null) fail(cursor, "BEGIN or a loop behind its label");
  if (!readDeclaration(cursor, collector) && !readFlow(cursor, collector)) readSql(cursor, collector);
}

function readLabel(cursor: Cursor): string | null {
  const { kind, value } = peek(cursor);
  if ((kind !== "word" && kind !== "quoted") || !looksAt(cursor, ":", 1)) return null;
  cursor.index += 2;
  return value;
}

/** What only a body has: leaving and repeating, returning, cursors. */
function readFlow(cursor: Cursor, collector: Collector): boolean {
  collector.left ||= collector.conditions > 0 && ["RETURN", "LEAVE", "ITERATE"].some((word) => looksAt(cursor, word));
  if (accept(cursor, "RETURN")) readExpression(cursor);
  else if (acceptOneOf(cursor, ["LEAVE", "ITERATE"]) !== null) readIdentifier(cursor, "a label");
  else if (accept(cursor, "CLOSE")) readIdentifier(cursor, "a cursor");
  else if (accept(cursor, "OPEN")) readOpen(cursor);
  else if (accept(cursor, "FETCH")) readFetch(cursor);
  else return false;
  return true;
}

/** MariaDB's cursors may have parameters. */
function readOpen(cursor: Cursor): void {
  readIdentifier(cursor, "a cursor");
  if (cursor.dialect === "mysql" || !accept(cursor, "(")) return;
  do readExpression(cursor);
  while (accept(cursor, ","));
  expect(cursor, ")");
}

function readFetch(cursor: Cursor): void {
  if (accept(cursor, "GROUP", "NEXT", "ROW")) return;
  if (!accept(cursor, "NEXT", "FROM")) accept(cursor, "FROM");
  readIdentifier(cursor, "a cursor");
  expect(cursor, "INTO");
  do readRelation(cursor, "a variable");
  while (accept(cursor, ","));
}

/** Any statement of SQL: it ends where the body's next semicolon stands. */
function readSql(cursor: Cursor, collector: Collector): void {
  const start = cursor.index;
  while (!atEnd(cursor) && peek(cursor).kind !== "semicolon") cursor.index += 1;
  if (cursor.index === start) fail(cursor, "a statement");
  const inner = newCursor(cursor.text, cursor.dialect, cursor.tokens.slice(start, cursor.index));
  const span = Object.freeze(spanFrom(cursor, start));
  const operations = readStatement(inner, span);
  if (!atEnd(inner)) fail(inner, "the end of the statement");
  if (operations.some((each) => each.kind === "other" && each.detail === undefined && !each.harmless)) {
    fail(newCursor(cursor.text, cursor.dialect, inner.tokens), "a statement that is understood");
  }
  const statement = cursor.text.slice(span.start, span.end);
  noteAsked(collector, statement);
  note(collector, operations, statement);
}
