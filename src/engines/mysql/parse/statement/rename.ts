import type { Operation } from "../../../../model/operation.js";
import type { Span } from "../../../../model/span.js";
import { accept, acceptOneOf, type Cursor, expect, expectEnd, fail, spanFrom } from "../cursor.js";
import { readExecution } from "../index-definition.js";
import { readIfExists, readRelation } from "../names.js";
import { other } from "../operations.js";

/** `RENAME TABLE a TO b, c TO d`, from behind RENAME on: an operation for each pair. @throws Unreadable */
export function readRename(cursor: Cursor, span: Span): readonly Operation[] {
  if (accept(cursor, "USER")) return [other("rename-user", null, span)];
  if (acceptOneOf(cursor, ["TABLE", "TABLES"]) === null) fail(cursor, "TABLE or USER");
  readIfExists(cursor);
  const operations: Operation[] = [];
  do operations.push(readPair(cursor));
  while (accept(cursor, ","));
  expectEnd(cursor);
  return operations;
}

function readPair(cursor: Cursor): Operation {
  const start = cursor.index;
  const relation = readRelation(cursor);
  readExecution(cursor);
  expect(cursor, "TO");
  readRelation(cursor, "the new name of the table");
  return other("rename-table", relation, spanFrom(cursor, start));
}
