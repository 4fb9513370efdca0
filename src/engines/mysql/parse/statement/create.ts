import type { Operation } from "../../../../model/operation.js";
import type { Span } from "../../../../model/span.js";
import { readCreateTable } from "../create-table.js";
import { accept, acceptOneOf, atEnd, type Cursor, expect, expectEnd, fail, next, peek, sees } from "../cursor.js";
import { readExecution, readWait } from "../execution.js";
import { readIndexBody, readMethod, readSpecialIndex } from "../index-definition.js";
import { readIdentifier, readMariadbIf, readRelation } from "../names.js";
import { createIndex, other } from "../operations.js";
import { readPhrase } from "./phrases/read.js";
import { readStored } from "./stored.js";
import { readView } from "./view.js";

/** The beginnings of what CREATE can make, for those whose rest is not understood. Several words are one kind. */
const OBJECTS: readonly { readonly words: readonly string[]; readonly what: string }[] = [
  { words: ["SEQUENCE"], what: "create-sequence" },
  { words: ["DATABASE"], what: "create-database" },
  { words: ["SCHEMA"], what: "create-database" },
  { words: ["USER"], what: "create-user" },
  { words: ["ROLE"], what: "create-role" },
  { words: ["SERVER"], what: "create-server" },
  { words: ["TABLESPACE"], what: "create-tablespace" },
  { words: ["UNDO", "TABLESPACE"], what: "create-tablespace" },
  { words: ["LOGFILE", "GROUP"], what: "create-logfile-group" },
  { words: ["RESOURCE", "GROUP"], what: "create-resource-group" },
  { words: ["SPATIAL", "REFERENCE", "SYSTEM"], what: "create-spatial-reference-system" },
  { words: ["LIBRARY"], what: "create-library" },
  { words: ["FUNCTION"], what: "create-function" },
];

/** `CREATE ...`, from behind CREATE on. @throws Unreadable */
export function readCreate(cursor: Cursor, span: Span): readonly Operation[] {
  const start = cursor.index;
  const replace = accept(cursor, "OR", "REPLACE");
  if (!replace || cursor.dialect === "mariadb") {
    const temporary = accept(cursor, "TEMPORARY");
    if (accept(cursor, "TABLE")) return [tableOrReplacement(cursor, span, temporary, replace)];
    const index = temporary ? null : readCreateIndex(cursor, span, replace);
    if (index !== null) return [index];
  }
  cursor.index = start;
  return [readView(cursor, span, "create") ?? readStored(cursor, span) ?? readObject(cursor, span, start)];
}

/** MariaDB's CREATE OR REPLACE TABLE drops the table that is there: no plain creation. */
function tableOrReplacement(cursor: Cursor, span: Span, temporary: boolean, replace: boolean): Operation {
  const table = readCreateTable(cursor, temporary, span);
  return replace ? other("create-or-replace-table", table.relation, span, { kind: "replace-table", table }) : table;
}

/** `[UNIQUE | FULLTEXT | SPATIAL | VECTOR] INDEX name [USING x] ON t (keys) options`; null for anything else. */
function readCreateIndex(cursor: Cursor, span: Span, replace: boolean): Operation | null {
  const start = cursor.index;
  const unique = accept(cursor, "UNIQUE");
  const special = unique ? null : readSpecialIndex(cursor);
  if (!accept(cursor, "INDEX")) {
    cursor.index = start;
    return null;
  }
  const ifNotExists = readMariadbIf(cursor, true);
  const name = readIdentifier(cursor, "the name of an index");
  const method = readMethod(cursor);
  expect(cursor, "ON");
  const relation = readRelation(cursor);
  const body = readIndexBody(cursor, name, special, method, readWait);
  while (readExecution(cursor));
  expectEnd(cursor);
  const index = createIndex(relation, body, { unique, ifNotExists, span });
  return replace ? other("create-or-replace-index", relation, span, { kind: "replace-index", index }) : index;
}

/** What has neither columns nor a body. Of what is not understood the rest is not read, but it must have a name. */
function readObject(cursor: Cursor, span: Span, start: number): Operation {
  cursor.index = start - 1;
  const understood = readPhrase(cursor, span);
  if (understood !== null) return understood;
  cursor.index = start;
  accept(cursor, "OR", "REPLACE");
  acceptOneOf(cursor, ["TEMPORARY", "AGGREGATE"]);
  if (sees(cursor, "PACKAGE")) fail(cursor, "no PACKAGE, whose body would be cut at its semicolons");
  const object = OBJECTS.find(({ words }) => accept(cursor, ...words));
  if (object === undefined) fail(cursor, "what to create");
  if (peek(cursor).kind === "end") fail(cursor, "a name");
  while (!atEnd(cursor)) next(cursor);
  return other(object.what, null, span);
}
