import type { DataChange } from "../../../../../model/detail/data.js";
import type { RelationName } from "../../../../../model/name.js";
import type { Operation } from "../../../../../model/operation.js";
import type { Span } from "../../../../../model/span.js";
import { givesOf } from "../../../../given-by-query.js";
import { type GivenValue, givenValues, writtenTexts } from "../../../../given-values.js";
import { accept, acceptOneOf, atEnd, type Cursor, expect, fail, looksAt } from "../../cursor.js";
import { readColumnNames, readIdentifier, readRelation } from "../../names.js";
import { other } from "../../operations.js";
import { readQueryExpression, readRow } from "../../query/query.js";
import { readItems } from "../../query/select.js";
import { softly } from "../../softly.js";
import { givenParts } from "../view/given-parts.js";
import { readAssignments, readColumnList } from "./assignments.js";
import { dataChange } from "./shape.js";
import { givesOneRow, insertWalk, isLimited, namesOfQuery, walked } from "./walk.js";

const PRIORITIES = ["LOW_PRIORITY", "HIGH_PRIORITY", "DELAYED"] as const;

/** `INSERT` and `REPLACE`, from behind the verb on. @throws Unreadable */
export function readInsert(cursor: Cursor, span: Span, what: "insert" | "replace"): readonly Operation[] {
  acceptOneOf(cursor, PRIORITIES);
  const ignore = what === "insert" && accept(cursor, "IGNORE");
  accept(cursor, "INTO");
  const relation = readRelation(cursor);
  if (atEnd(cursor)) fail(cursor, "what to insert");
  const shape = softly(cursor, (each) => readRest(each, what, ignore, relation));
  return [other(what, relation, span, shape === null ? null : dataChange(cursor, what, [relation], shape))];
}

function readRest(
  cursor: Cursor,
  what: "insert" | "replace",
  ignore: boolean,
  written: RelationName,
): Partial<DataChange> {
  if (accept(cursor, "PARTITION")) readColumnNames(cursor);
  const listed = readColumnList(cursor);
  const from = cursor.index;
  const { source, columns, ...ctes } = readSource(cursor, listed);
  const end = cursor.index;
  const walk = what === "insert" && source === "query" ? insertWalk(cursor, written, from, end) : null;
  const gives = source === "query" ? givesOf(givenParts(cursor.tokens.slice(from, end)), columns) : {};
  const oneRow = source === "query" && givesOneRow(cursor, from, end) ? { oneRow: true } : {};
  const names = source === "query" && columns.length > 0 ? namesOfQuery(cursor.tokens) : null;
  const limited = source === "query" && isLimited(cursor, from, end);
  const updates = what === "insert" && readDuplicate(cursor);
  const returning = cursor.dialect === "mariadb" && accept(cursor, "RETURNING");
  if (returning) readItems(cursor);
  const conflict = what === "replace" ? "replace" : updates ? "update" : ignore ? "ignore" : null;
  return walked(
    {
      source,
      ...gives,
      ...oneRow,
      ...(names === null ? {} : { names }),
      columns,
      limited,
      conflict,
      returning,
      ...ctes,
    },
    returning ? null : walk,
  );
}

function readSource(
  cursor: Cursor,
  listed: readonly string[] | null,
): Pick<DataChange, "source" | "columns" | "given" | "extremes" | "texts" | "cte" | "plainCte"> {
  if (acceptOneOf(cursor, ["VALUES", "VALUE"]) !== null) {
    const rows = readRows(cursor);
    readRowAlias(cursor);
    const columns = listed ?? [];
    return { source: "rows", columns, ...givenValues(columns, rows), ...writtenTexts(rows), cte: false };
  }
  if (listed === null && accept(cursor, "SET")) {
    const assigned = readAssignments(cursor);
    const columns = Object.freeze(assigned.map(({ column }) => column));
    readRowAlias(cursor);
    const row = [assigned.map(({ value }) => value)];
    return { source: "rows", columns, ...givenValues(columns, row), ...writtenTexts(row), cte: false };
  }
  const cte = looksAt(cursor, "WITH");
  const start = cursor.index;
  readQueryExpression(cursor);
  const recursive = cursor.tokens.slice(start, cursor.index).some(({ upper }) => upper === "RECURSIVE");
  return { source: "query", columns: listed ?? [], cte, ...(cte && !recursive && { plainCte: true as const }) };
}

/** `(1, 2), (3, DEFAULT)`; also MySQL's `ROW (1, 2)`. */
function readRows(cursor: Cursor): readonly (readonly GivenValue[])[] {
  const worded = cursor.dialect === "mysql" && looksAt(cursor, "ROW");
  const rows: (readonly GivenValue[])[] = [];
  do {
    if (worded) expect(cursor, "ROW");
    rows.push(readRow(cursor));
  } while (accept(cursor, ","));
  return rows;
}

/** MySQL's `AS new (a, b)`. */
function readRowAlias(cursor: Cursor): void {
  if (cursor.dialect === "mariadb" || !accept(cursor, "AS")) return;
  readIdentifier(cursor, "an alias");
  if (looksAt(cursor, "(")) readColumnNames(cursor);
}

function readDuplicate(cursor: Cursor): boolean {
  if (!accept(cursor, "ON")) return false;
  expect(cursor, "DUPLICATE", "KEY", "UPDATE");
  readAssignments(cursor);
  return true;
}
