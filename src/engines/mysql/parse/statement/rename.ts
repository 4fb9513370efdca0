import type { Operation } from "../../../../model/operation.js";
import type { Span } from "../../../../model/span.js";
import { accept, acceptOneOf, type Cursor, expect, expectEnd, fail, looksAt, spanFrom } from "../cursor.js";
import { readWait } from "../execution.js";
import { readMariadbIf, readRelation } from "../names.js";
import { other } from "../operations.js";
import { readPhrase } from "./phrases/read.js";

/** `RENAME TABLE a TO b, c TO d`, from behind RENAME on: an operation for each pair. @throws Unreadable */
export function readRename(cursor: Cursor, span: Span): readonly Operation[] {
  if (looksAt(cursor, "USER")) return [readRenameUser(cursor, span)];
  if (acceptOneOf(cursor, ["TABLE", "TABLES"]) === null) fail(cursor, "TABLE or USER");
  const ifExists = readMariadbIf(cursor, false);
  const operations: Operation[] = [];
  do operations.push(readPair(cursor, ifExists));
  while (accept(cursor, ","));
  expectEnd(cursor);
  return operations;
}

function readRenameUser(cursor: Cursor, span: Span): Operation {
  cursor.index -= 1;
  const understood = readPhrase(cursor, span);
  cursor.index = cursor.tokens.length;
  return understood ?? other("rename-user", null, span);
}

function readPair(cursor: Cursor, ifExists: boolean): Operation {
  const start = cursor.index;
  const relation = readRelation(cursor);
  readWait(cursor);
  expect(cursor, "TO");
  const to = readRelation(cursor, "the new name of the table");
  return other("rename-table", relation, spanFrom(cursor, start), { kind: "rename-table", to, ifExists });
}
