import type { Operation } from "../../../../model/operation.js";
import type { Span } from "../../../../model/span.js";
import { accept, acceptOneOf, type Cursor, expect, expectEnd, fail, looksAt, peek, spanFrom } from "../cursor.js";
import { readExecution } from "../index-definition.js";
import { readIdentifier, readIfExists, readMariadbIf, readRelation } from "../names.js";
import { other } from "../operations.js";

/** Relations, of which one statement drops several. */
const RELATIONS: Readonly<Record<string, string>> = Object.freeze({
  TABLE: "drop-table",
  TABLES: "drop-table",
  VIEW: "drop-view",
  SEQUENCE: "drop-sequence",
});

const OBJECTS: readonly { readonly words: readonly string[]; readonly what: string }[] = [
  { words: ["TRIGGER"], what: "drop-trigger" },
  { words: ["PROCEDURE"], what: "drop-procedure" },
  { words: ["FUNCTION"], what: "drop-function" },
  { words: ["EVENT"], what: "drop-event" },
  { words: ["DATABASE"], what: "drop-database" },
  { words: ["SCHEMA"], what: "drop-database" },
  { words: ["USER"], what: "drop-user" },
  { words: ["ROLE"], what: "drop-role" },
  { words: ["SERVER"], what: "drop-server" },
  { words: ["TABLESPACE"], what: "drop-tablespace" },
  { words: ["UNDO", "TABLESPACE"], what: "drop-tablespace" },
  { words: ["LOGFILE", "GROUP"], what: "drop-logfile-group" },
  { words: ["RESOURCE", "GROUP"], what: "drop-resource-group" },
  { words: ["SPATIAL", "REFERENCE", "SYSTEM"], what: "drop-spatial-reference-system" },
  { words: ["PREPARE"], what: "deallocate-prepare" },
  { words: ["LIBRARY"], what: "drop-library" },
  { words: ["PACKAGE"], what: "drop-package" },
];

/** `DROP ...`, from behind DROP on: an operation for each relation. @throws Unreadable */
export function readDrop(cursor: Cursor, span: Span): readonly Operation[] {
  if (accept(cursor, "INDEX")) return [readDropIndex(cursor, span)];
  const temporary = accept(cursor, "TEMPORARY");
  const { upper } = peek(cursor);
  const relations = Object.hasOwn(RELATIONS, upper) ? RELATIONS[upper] : undefined;
  if (temporary && relations !== "drop-table") fail(cursor, "TABLE");
  if (relations !== undefined) return readDropRelations(cursor, span, temporary ? "drop-temporary-table" : relations);
  const object = OBJECTS.find(({ words }) => accept(cursor, ...words));
  if (object === undefined) fail(cursor, "what to drop");
  readIfExists(cursor);
  if (peek(cursor).kind === "end") fail(cursor, "a name");
  return [other(object.what, null, span)];
}

function readDropIndex(cursor: Cursor, span: Span): Operation {
  readMariadbIf(cursor, false);
  readIdentifier(cursor, "the name of an index");
  expect(cursor, "ON");
  const relation = readRelation(cursor);
  while (readExecution(cursor));
  expectEnd(cursor);
  return other("drop-index", relation, span);
}

function readDropRelations(cursor: Cursor, span: Span, what: string): readonly Operation[] {
  cursor.index += 1;
  readIfExists(cursor);
  const operations: Operation[] = [];
  do {
    const start = cursor.index;
    const relation = readRelation(cursor, "a name");
    operations.push(other(what, relation, spanFrom(cursor, start)));
  } while (accept(cursor, ","));
  readDropEnd(cursor);
  const [only] = operations;
  return only?.kind === "other" && operations.length === 1 ? [Object.freeze({ ...only, span })] : operations;
}

function readDropEnd(cursor: Cursor): void {
  if (looksAt(cursor, "WAIT") || looksAt(cursor, "NOWAIT")) readExecution(cursor);
  acceptOneOf(cursor, ["RESTRICT", "CASCADE"]);
  expectEnd(cursor);
}
