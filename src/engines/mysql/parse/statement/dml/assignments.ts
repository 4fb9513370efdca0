import type { GivenValue } from "../../../../given-values.js";
import { accept, type Cursor, expect, fail, looksAt, next } from "../../cursor.js";
import { readIdentifier, seesIdentifier } from "../../names.js";
import { readValue } from "../../query/query.js";

/** The left side of an assignment: `a`, `t.a`, `s.t.a`. */
export interface Assigned {
  readonly column: string;
  /** The parts before it, the table's last. */
  readonly qualifiers: readonly string[];
}

/** An assignment. */
export interface Assignment extends Assigned {
  readonly value: GivenValue;
  /** The index of the value's first token, and of what is behind it. */
  readonly from: number;
  readonly to: number;
}

/** `a = 1, t.b = DEFAULT`. @throws Unreadable */
export function readAssignments(cursor: Cursor): readonly Assignment[] {
  const assigned: Assignment[] = [];
  do {
    const path = readColumnPath(cursor);
    if (!accept(cursor, ":=")) expect(cursor, "=");
    const from = cursor.index;
    const value = readValue(cursor);
    assigned.push({ ...path, value, from, to: cursor.index });
  } while (accept(cursor, ","));
  return assigned;
}

/** @throws Unreadable */
export function readColumnPath(cursor: Cursor): Assigned {
  const dotted = cursor.dialect === "mariadb" && accept(cursor, ".");
  const parts = [readIdentifier(cursor, "the name of a column")];
  if (dotted && !looksAt(cursor, ".")) fail(cursor, ".");
  while (accept(cursor, ".")) parts.push(readIdentifier(cursor, "a name"));
  return { column: parts.at(-1) ?? "", qualifiers: parts.slice(0, -1) };
}

/** `(a, t.b)`, which may be empty; null when it is no list of columns. */
export function readColumnList(cursor: Cursor): readonly string[] | null {
  if (!looksAt(cursor, "(") || !(seesIdentifier(cursor, 1) || looksAt(cursor, ")", 1) || looksAt(cursor, ".", 1))) {
    return null;
  }
  next(cursor);
  const columns: string[] = [];
  if (accept(cursor, ")")) return columns;
  do columns.push(readColumnPath(cursor).column);
  while (accept(cursor, ","));
  expect(cursor, ")");
  return Object.freeze(columns);
}
