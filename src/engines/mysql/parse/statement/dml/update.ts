import type { DataChange } from "../../../../../model/detail/data.js";
import type { RelationName } from "../../../../../model/name.js";
import type { Operation } from "../../../../../model/operation.js";
import type { Span } from "../../../../../model/span.js";
import { givenValues, writtenTexts } from "../../../../given-values.js";
import { accept, type Cursor, expect, fail } from "../../cursor.js";
import { other } from "../../operations.js";
import { type FromTable, readTables } from "../../query/from.js";
import { readRowLimit } from "../../query/limit.js";
import { readOrderBy } from "../../query/order.js";
import { softly } from "../../softly.js";
import type { Token } from "../../token.js";
import { type Assigned, readAssignments } from "./assignments.js";
import { joinsOf } from "./joins.js";
import { readPortion } from "./portion.js";
import { dataChange, resolve } from "./shape.js";
import { onlyWritten, walked, walkOf } from "./walk.js";
import { readWhere } from "./where.js";

/** `UPDATE`, from behind the verb on. The relation is null when several are written. @throws Unreadable */
export function readUpdate(cursor: Cursor, span: Span, cte = false): readonly Operation[] {
  if (cursor.index >= cursor.tokens.length) fail(cursor, "the name of a table");
  const change = softly(cursor, (each) => readRest(each, cte));
  const [only, ...more] = change?.writes ?? [];
  return [other("update", more.length > 0 ? null : (only ?? null), span, change)];
}

function readRest(cursor: Cursor, cte: boolean): DataChange {
  accept(cursor, "LOW_PRIORITY");
  const ignore = accept(cursor, "IGNORE");
  const tables = readTables(cursor);
  const portion = readPortion(cursor);
  expect(cursor, "SET");
  const assigned = readAssignments(cursor);
  const where = cursor.index;
  const clauses = readClauses(cursor);
  const writes = written(tables, assigned);
  const table = onlyWritten(tables, writes);
  const whole = portion || cte || clauses.ordered || clauses.limited;
  const columns = Object.freeze(assigned.map(({ column }) => column));
  const found: Partial<DataChange> = {
    ...clauses,
    ...joinsOf(cursor, table, tables, clauses.bounds),
    columns,
    ...givenValues(columns, [assigned.map(({ value }) => value)]),
    ...writtenTexts([assigned.map(({ value }) => value)]),
    conflict: ignore ? "ignore" : null,
    cte,
  };
  const walk = whole || table === null ? null : walkOf(cursor, table, table.relation, 1, { where, end: cursor.index });
  return dataChange(cursor, "update", writes, walked(found, walk));
}

/** The columns of `a, b DESC`; null where an expression is among them. */
function orderColumns(tokens: readonly Token[]): readonly string[] | null {
  const words = tokens.filter(({ upper, kind }) => kind !== "word" || (upper !== "ASC" && upper !== "DESC"));
  const names = words.filter((_, at) => at % 2 === 0);
  const isName = ({ kind }: Token) => kind === "word" || kind === "quoted";
  const plain = names.every(isName) && words.every(({ text }, at) => at % 2 === 0 || text === ",");
  return plain && words.length % 2 === 1 ? Object.freeze(names.map(({ value }) => value)) : null;
}

/** `WHERE ... ORDER BY ... LIMIT ...`. @throws Unreadable */
export function readClauses(
  cursor: Cursor,
): Pick<DataChange, "filtered" | "where" | "bounds" | "ordered" | "orderedBy" | "limited"> {
  const where = readWhere(cursor);
  const from = cursor.index;
  const ordered = readOrderBy(cursor);
  const columns = ordered ? orderColumns(cursor.tokens.slice(from + 2, cursor.index)) : null;
  return { ...where, ordered, ...(columns === null ? {} : { orderedBy: columns }), limited: readRowLimit(cursor) };
}

/** Without a qualifier a column may be any table's: then all of them count as written. */
function written(tables: readonly FromTable[], assigned: readonly Assigned[]): readonly RelationName[] {
  const all = tables.flatMap(({ relation }) => (relation === null ? [] : [relation]));
  if (all.length === 1 || assigned.some(({ qualifiers }) => qualifiers.length === 0)) return all;
  const names = assigned.map(({ qualifiers }) => ({
    schema: qualifiers.at(-2) ?? null,
    name: qualifiers.at(-1) ?? "",
  }));
  return resolve(names, tables);
}
