import type { Operation } from "../../../../model/operation.js";
import type { Span } from "../../../../model/span.js";
import { accept, acceptOneOf, atEnd, type Cursor, expect, expectEnd, fail, looksAt, spanFrom } from "../cursor.js";
import { readColumnNames, readRelation } from "../names.js";
import { other } from "../operations.js";
import { readQueryExpression } from "../query/query.js";
import { distinct } from "../query/table.js";
import { softly } from "../softly.js";
import { readDefiner } from "./definer.js";

type Verb = "create" | "alter";

/** `[OR REPLACE] ... VIEW v AS query`, from behind CREATE or ALTER; null when it is no view. @throws Unreadable */
export function readView(cursor: Cursor, span: Span, verb: Verb): Operation | null {
  const start = cursor.index;
  const orReplace = verb === "create" && accept(cursor, "OR", "REPLACE");
  readAlgorithm(cursor);
  const definer = readDefiner(cursor);
  readSecurity(cursor);
  if (!accept(cursor, "VIEW")) {
    cursor.index = start;
    return null;
  }
  const conditional = readCondition(cursor, verb);
  const name = readRelation(cursor, "a name");
  const body = softly(cursor, readBody);
  if (body === null) return other(`${verb}-view`, name, span);
  const common = { object: "view", name, body, reads: distinct(cursor.read) } as const;
  if (verb === "alter") {
    return other("alter-view", name, span, { kind: "alter-object", ...common, ifExists: false, changes: ["AS"] });
  }
  const detail = { kind: "create-object", ...common, orReplace, ifNotExists: conditional, definer } as const;
  return other("create-view", name, span, { ...detail, trigger: null });
}

function readAlgorithm(cursor: Cursor): void {
  if (!accept(cursor, "ALGORITHM", "=")) return;
  if (acceptOneOf(cursor, ["UNDEFINED", "MERGE", "TEMPTABLE"]) === null) fail(cursor, "UNDEFINED, MERGE or TEMPTABLE");
}

/** `SQL SECURITY INVOKER`. @throws Unreadable */
function readSecurity(cursor: Cursor): void {
  if (!accept(cursor, "SQL", "SECURITY")) return;
  if (acceptOneOf(cursor, ["DEFINER", "INVOKER"]) === null) fail(cursor, "DEFINER or INVOKER");
}

/** Both servers have IF NOT EXISTS of views (MySQL since 9.1). */
function readCondition(cursor: Cursor, verb: Verb): boolean {
  return verb === "create" && accept(cursor, "IF", "NOT", "EXISTS");
}

/** `[(columns)] AS query [WITH CHECK OPTION]`: where the query stands. */
function readBody(cursor: Cursor): Span {
  if (looksAt(cursor, "(")) readColumnNames(cursor);
  expect(cursor, "AS");
  const start = cursor.index;
  readQueryExpression(cursor);
  const body = spanFrom(cursor, start);
  if (!atEnd(cursor)) {
    expect(cursor, "WITH");
    acceptOneOf(cursor, ["CASCADED", "LOCAL"]);
    expect(cursor, "CHECK", "OPTION");
  }
  expectEnd(cursor);
  return body;
}
