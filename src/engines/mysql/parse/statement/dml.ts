import type { Operation } from "../../../../model/operation.js";
import type { Span } from "../../../../model/span.js";
import { skipBrackets } from "../brackets.js";
import { accept, acceptOneOf, atEnd, type Cursor, expectEnd, fail, looksAt, next } from "../cursor.js";
import { readExecution } from "../index-definition.js";
import { readRelation } from "../names.js";
import { harmless, other } from "../operations.js";

const MODIFIERS = ["LOW_PRIORITY", "HIGH_PRIORITY", "DELAYED", "QUICK", "IGNORE"] as const;

/** `INSERT` and `REPLACE`, from behind the verb on. @throws Unreadable */
export function readInsert(cursor: Cursor, span: Span, what: "insert" | "replace"): readonly Operation[] {
  while (acceptOneOf(cursor, MODIFIERS) !== null);
  accept(cursor, "INTO");
  const relation = readRelation(cursor);
  if (atEnd(cursor)) fail(cursor, "what to insert");
  return [other(what, relation, span)];
}

/** `UPDATE`, from behind the verb on. The relation is null when there are several. @throws Unreadable */
export function readUpdate(cursor: Cursor, span: Span): readonly Operation[] {
  while (acceptOneOf(cursor, MODIFIERS) !== null);
  const first = looksAt(cursor, "(") ? null : readRelation(cursor);
  const several = skipUntil(cursor, "SET");
  return [other("update", several ? null : first, span)];
}

/** `DELETE`, from behind the verb on. The relation is null when there are several. @throws Unreadable */
export function readDelete(cursor: Cursor, span: Span): readonly Operation[] {
  while (acceptOneOf(cursor, MODIFIERS) !== null);
  if (!accept(cursor, "FROM")) {
    skipUntil(cursor, "FROM");
    return [other("delete", null, span)];
  }
  const relation = readRelation(cursor);
  const several = ["USING", ",", "."].some((mark) => looksAt(cursor, mark));
  return [other("delete", several ? null : relation, span)];
}

/** Whether there are several relations up to this word, which must come. */
function skipUntil(cursor: Cursor, word: string): boolean {
  let several = false;
  while (!looksAt(cursor, word)) {
    if (atEnd(cursor)) fail(cursor, word);
    several ||= ["JOIN", "STRAIGHT_JOIN", ",", "("].some((mark) => looksAt(cursor, mark));
    if (looksAt(cursor, "(")) skipBrackets(cursor, "tables");
    else next(cursor);
  }
  if (atEnd({ ...cursor, index: cursor.index + 1 })) {
    next(cursor);
    fail(cursor, `what stands behind ${word}`);
  }
  return several;
}

/** `TRUNCATE [TABLE] t`, from behind the verb on. @throws Unreadable */
export function readTruncate(cursor: Cursor, span: Span): readonly Operation[] {
  accept(cursor, "TABLE");
  const relation = readRelation(cursor);
  readExecution(cursor);
  expectEnd(cursor);
  return [other("truncate", relation, span)];
}

/** `LOAD DATA ... INTO TABLE t`, from behind LOAD on. @throws Unreadable */
export function readLoad(cursor: Cursor, span: Span): readonly Operation[] {
  if (accept(cursor, "INDEX", "INTO", "CACHE")) return [other("load-index", null, span)];
  if (acceptOneOf(cursor, ["DATA", "XML"]) === null) fail(cursor, "DATA, XML or INDEX");
  while (!looksAt(cursor, "INTO") || !looksAt(cursor, "TABLE", 1)) {
    if (atEnd(cursor)) fail(cursor, "INTO TABLE");
    next(cursor);
  }
  cursor.index += 2;
  return [other("load-data", readRelation(cursor), span)];
}

/** A query: SELECT, VALUES, TABLE, or one in parentheses. Writing a file or moving a sequence is no harmless one. */
export function readQuery(cursor: Cursor, span: Span): readonly Operation[] {
  if (atEnd(cursor)) fail(cursor, "a query");
  let what = "select";
  for (; !atEnd(cursor); next(cursor)) what = writing(cursor) ?? what;
  return [what === "select" ? harmless(what, span) : other(what, null, span)];
}

function writing(cursor: Cursor): string | null {
  if (looksAt(cursor, "INTO") && (looksAt(cursor, "OUTFILE", 1) || looksAt(cursor, "DUMPFILE", 1))) {
    return "select-into-file";
  }
  const called = ["NEXTVAL", "SETVAL"].some((name) => looksAt(cursor, name)) && looksAt(cursor, "(", 1);
  const next = looksAt(cursor, "NEXT") && looksAt(cursor, "VALUE", 1) && looksAt(cursor, "FOR", 2);
  return called || next ? "advance-sequence" : null;
}

/** `WITH x AS (...) SELECT | UPDATE | DELETE`, from behind WITH on. @throws Unreadable */
export function readWith(cursor: Cursor, span: Span): readonly Operation[] {
  accept(cursor, "RECURSIVE");
  while (!atEnd(cursor)) {
    if (accept(cursor, "UPDATE")) return readUpdate(cursor, span);
    if (accept(cursor, "DELETE")) return readDelete(cursor, span);
    if (["SELECT", "VALUES", "TABLE"].some((word) => looksAt(cursor, word))) return readQuery(cursor, span);
    if (looksAt(cursor, "(")) skipBrackets(cursor, "a query");
    else next(cursor);
  }
  return fail(cursor, "SELECT, UPDATE or DELETE");
}
