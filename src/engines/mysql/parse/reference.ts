import type { ForeignKeyTarget } from "../../../model/operation.js";
import { accept, acceptOneOf, type Cursor, expect, fail, looksAt } from "./cursor.js";
import { readColumnNames, readRelation } from "./names.js";
import { textFrom } from "./token-text.js";

/** `REFERENCES p (id) MATCH FULL ON DELETE CASCADE`, from REFERENCES on. @throws Unreadable */
export function readReference(cursor: Cursor, constraint: string | null): ForeignKeyTarget {
  expect(cursor, "REFERENCES");
  const relation = readRelation(cursor);
  const columns = looksAt(cursor, "(") ? readColumnNames(cursor) : Object.freeze([]);
  const start = cursor.index;
  readActions(cursor);
  return Object.freeze({ constraint, relation, columns, actions: textFrom(cursor, start) });
}

function readActions(cursor: Cursor): void {
  for (;;) {
    if (accept(cursor, "MATCH")) {
      if (acceptOneOf(cursor, ["FULL", "PARTIAL", "SIMPLE"]) === null) fail(cursor, "FULL, PARTIAL or SIMPLE");
    } else if (accept(cursor, "ON", "DELETE") || accept(cursor, "ON", "UPDATE")) readAction(cursor);
    else return;
  }
}

function readAction(cursor: Cursor): void {
  if (acceptOneOf(cursor, ["RESTRICT", "CASCADE"]) !== null) return;
  if (accept(cursor, "SET", "NULL") || accept(cursor, "SET", "DEFAULT") || accept(cursor, "NO", "ACTION")) return;
  fail(cursor, "RESTRICT, CASCADE, SET NULL, SET DEFAULT or NO ACTION");
}
