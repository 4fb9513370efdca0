import type { RelationName } from "../../../../model/name.js";
import type { Operation } from "../../../../model/operation.js";
import type { Span } from "../../../../model/span.js";
import { readCreateTable } from "../create-table.js";
import { accept, acceptOneOf, type Cursor, expect, expectEnd, fail, next, peek } from "../cursor.js";
import { readIndexBody, readMethod, readSpecialIndex } from "../index-definition.js";
import { readIdentifier, readMariadbIf, readRelation } from "../names.js";
import { createIndex, other } from "../operations.js";
import { readRelationIfNamed } from "./relation.js";

/** What CREATE can make besides tables and indexes. Several words are one kind. */
const OBJECTS: readonly { readonly words: readonly string[]; readonly what: string }[] = [
  { words: ["VIEW"], what: "create-view" },
  { words: ["TRIGGER"], what: "create-trigger" },
  { words: ["PROCEDURE"], what: "create-procedure" },
  { words: ["FUNCTION"], what: "create-function" },
  { words: ["EVENT"], what: "create-event" },
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
  { words: ["PACKAGE"], what: "create-package" },
];

/** Objects whose name is that of a relation. */
const RELATIONS: readonly string[] = ["create-view", "create-sequence"];

/** `CREATE ...`, from behind CREATE on. @throws Unreadable */
export function readCreate(cursor: Cursor, span: Span): readonly Operation[] {
  const replace = accept(cursor, "OR", "REPLACE");
  const viewsOnly = replace && cursor.dialect === "mysql";
  const temporary = accept(cursor, "TEMPORARY");
  if (!viewsOnly && accept(cursor, "TABLE")) return [tableOrReplacement(cursor, span, temporary, replace)];
  const index = viewsOnly ? null : readCreateIndex(cursor, span, replace);
  if (index !== null) return [index];
  readModifiers(cursor);
  const object = OBJECTS.find(({ words }) => accept(cursor, ...words));
  if (object === undefined) fail(cursor, "what to create");
  return [other(object.what, readObjectRelation(cursor, object.what), span)];
}

/** MariaDB's CREATE OR REPLACE TABLE drops the table that is there: no plain creation. */
function tableOrReplacement(cursor: Cursor, span: Span, temporary: boolean, replace: boolean): Operation {
  const table = readCreateTable(cursor, temporary, span);
  return replace ? other("create-or-replace-table", table.relation, span) : table;
}

/** The relation that is made, or that a trigger is on. Of other objects the rest is not read, but one must be named. */
function readObjectRelation(cursor: Cursor, what: string): RelationName | null {
  if (RELATIONS.includes(what)) return readRelationIfNamed(cursor);
  if (peek(cursor).kind === "end") fail(cursor, "a name");
  if (what !== "create-trigger") return null;
  while (!accept(cursor, "ON")) {
    if (peek(cursor).kind === "end") fail(cursor, "ON");
    next(cursor);
  }
  return readRelation(cursor);
}

/** `ALGORITHM = MERGE DEFINER = user SQL SECURITY INVOKER`, `AGGREGATE`, in front of the object. */
function readModifiers(cursor: Cursor): void {
  for (;;) {
    if (accept(cursor, "ALGORITHM", "=")) next(cursor);
    else if (accept(cursor, "SQL", "SECURITY")) next(cursor);
    else if (accept(cursor, "DEFINER", "=")) readUser(cursor);
    else if (!accept(cursor, "AGGREGATE")) return;
  }
}

/** `'app'@'%'`, `root@localhost`, `CURRENT_USER()`, a role. */
export function readUser(cursor: Cursor): void {
  next(cursor);
  if (peek(cursor).kind === "variable") next(cursor);
  else if (accept(cursor, "(")) expect(cursor, ")");
}

/** `[UNIQUE | FULLTEXT | SPATIAL | VECTOR] INDEX name [USING x] ON t (keys) options`; null for anything else. */
function readCreateIndex(cursor: Cursor, span: Span, replace: boolean): Operation | null {
  const start = cursor.index;
  acceptOneOf(cursor, ["ONLINE", "OFFLINE"]);
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
  const index = readIndexBody(cursor, name, special, method);
  expectEnd(cursor);
  if (replace) return other("create-or-replace-index", relation, span);
  return createIndex(relation, index, { unique, ifNotExists, span });
}
