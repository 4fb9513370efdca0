import type { Operation } from "../../../../model/operation.js";
import type { OperationDetail } from "../../../../model/operation-detail.js";
import type { Span } from "../../../../model/span.js";
import { accept, acceptOneOf, type Cursor, expect, expectEnd, fail, looksAt, next, peek, spanFrom } from "../cursor.js";
import { readExecution, readWait } from "../execution.js";
import { readIdentifier, readIfExists, readMariadbIf, readRelation } from "../names.js";
import { other } from "../operations.js";
import { readPhrase } from "./phrases/read.js";

/** Relations, of which one statement drops several. */
const RELATIONS: Readonly<Record<string, string>> = Object.freeze({
  TABLE: "drop-table",
  TABLES: "drop-table",
  VIEW: "drop-view",
  SEQUENCE: "drop-sequence",
});

/** The beginnings of those whose rest is not understood. */
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
  const what = Object.hasOwn(RELATIONS, upper) && notOfMysql(cursor) ? RELATIONS[upper] : undefined;
  if (temporary && what !== "drop-table" && what !== "drop-sequence") fail(cursor, "TABLE");
  return what === undefined ? [readDropObject(cursor, span)] : readDropRelations(cursor, span, what, temporary);
}

function notOfMysql(cursor: Cursor): boolean {
  return cursor.dialect === "mariadb" || !looksAt(cursor, "SEQUENCE");
}

function readDropObject(cursor: Cursor, span: Span): Operation {
  cursor.index -= 1;
  const understood = readPhrase(cursor, span);
  if (understood !== null) return understood;
  next(cursor);
  const object = OBJECTS.find(({ words }) => accept(cursor, ...words));
  if (object === undefined) fail(cursor, "what to drop");
  readIfExists(cursor);
  if (peek(cursor).kind === "end") fail(cursor, "a name");
  cursor.index = cursor.tokens.length;
  return other(object.what, null, span);
}

function readDropIndex(cursor: Cursor, span: Span): Operation {
  const ifExists = readMariadbIf(cursor, false);
  const index = Object.freeze({ schema: null, name: readIdentifier(cursor, "the name of an index") });
  expect(cursor, "ON");
  const relation = readRelation(cursor);
  readWait(cursor);
  while (cursor.dialect === "mysql" && readExecution(cursor));
  expectEnd(cursor);
  const detail = { kind: "drop-index", index, ifExists, concurrently: false, cascade: false } as const;
  return other("drop-index", relation, span, detail);
}

function readDropRelations(cursor: Cursor, span: Span, what: string, temporary: boolean): readonly Operation[] {
  next(cursor);
  const ifExists = readIfExists(cursor);
  const named: { readonly relation: ReturnType<typeof readRelation>; readonly span: Span }[] = [];
  do {
    const start = cursor.index;
    const relation = readRelation(cursor, "a name");
    named.push({ relation, span: spanFrom(cursor, start) });
  } while (accept(cursor, ","));
  const cascade = readDropEnd(cursor);
  const name = temporary && what === "drop-table" ? "drop-temporary-table" : what;
  return named.map((each) => {
    const detail = detailOf(what, each.relation, { ifExists, temporary, cascade });
    return other(name, each.relation, named.length > 1 ? each.span : span, detail);
  });
}

function detailOf(
  what: string,
  name: ReturnType<typeof readRelation>,
  said: { readonly ifExists: boolean; readonly temporary: boolean; readonly cascade: boolean },
): OperationDetail {
  if (what === "drop-table") return { kind: "drop-table", ...said };
  const object = what === "drop-view" ? "view" : "sequence";
  return { kind: "drop-object", object, name, ifExists: said.ifExists, cascade: said.cascade };
}

/** Both servers read CASCADE and do nothing with it. */
function readDropEnd(cursor: Cursor): boolean {
  readWait(cursor);
  const word = acceptOneOf(cursor, ["RESTRICT", "CASCADE"]);
  expectEnd(cursor);
  return word === "CASCADE";
}
