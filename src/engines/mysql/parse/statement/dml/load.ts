import type { DataChange } from "../../../../../model/detail/data.js";
import type { Operation } from "../../../../../model/operation.js";
import type { Span } from "../../../../../model/span.js";
import { accept, acceptOneOf, atEnd, type Cursor, expect, fail, looksAt, next, peek } from "../../cursor.js";
import { readCharacterSet, seesCharacterSet } from "../../data-type.js";
import { readNumber } from "../../expression/literal.js";
import { readColumnNames, readRelation } from "../../names.js";
import { other } from "../../operations.js";
import { readFormat } from "../../query/select.js";
import { softly } from "../../softly.js";
import { readAssignments, readColumnPath } from "./assignments.js";
import { dataChange } from "./shape.js";

/** `LOAD DATA ... INTO TABLE t`, from behind LOAD on. @throws Unreadable */
export function readLoad(cursor: Cursor, span: Span): readonly Operation[] {
  const start = cursor.index;
  if (acceptOneOf(cursor, ["DATA", "XML"]) === null) fail(cursor, "DATA, XML or INDEX");
  while (!looksAt(cursor, "INTO") || !looksAt(cursor, "TABLE", 1)) {
    if (atEnd(cursor)) fail(cursor, "INTO TABLE");
    next(cursor);
  }
  cursor.index += 2;
  const relation = readRelation(cursor);
  cursor.index = start;
  const shape = softly(cursor, readRest);
  return [other("load-data", relation, span, shape === null ? null : dataChange(cursor, "load", [relation], shape))];
}

function readRest(cursor: Cursor): Partial<DataChange> {
  next(cursor);
  acceptOneOf(cursor, ["LOW_PRIORITY", "CONCURRENT"]);
  accept(cursor, "LOCAL");
  expect(cursor, "INFILE");
  readString(cursor);
  const conflict = acceptOneOf(cursor, ["REPLACE", "IGNORE"]);
  expect(cursor, "INTO", "TABLE");
  readRelation(cursor);
  readSettings(cursor);
  const columns = readTargets(cursor);
  if (accept(cursor, "SET")) readAssignments(cursor);
  return { source: "file", columns, conflict: conflict === null ? null : conflict === "IGNORE" ? "ignore" : "replace" };
}

function readSettings(cursor: Cursor): void {
  if (accept(cursor, "PARTITION")) readColumnNames(cursor);
  if (seesCharacterSet(cursor)) readCharacterSet(cursor);
  if (accept(cursor, "ROWS", "IDENTIFIED", "BY")) readString(cursor);
  readFormat(cursor);
  if (!accept(cursor, "IGNORE")) return;
  if (readNumber(cursor) === null) fail(cursor, "a number of lines");
  if (acceptOneOf(cursor, ["LINES", "ROWS"]) === null) fail(cursor, "LINES or ROWS");
}

/** `(a, @b)`: columns and variables. */
function readTargets(cursor: Cursor): readonly string[] {
  const columns: string[] = [];
  if (!accept(cursor, "(") || accept(cursor, ")")) return columns;
  do {
    if (peek(cursor).kind === "variable") next(cursor);
    else columns.push(readColumnPath(cursor).column);
  } while (accept(cursor, ","));
  expect(cursor, ")");
  return Object.freeze(columns);
}

function readString(cursor: Cursor): void {
  if (peek(cursor).kind !== "string") fail(cursor, "a string");
  next(cursor);
}
