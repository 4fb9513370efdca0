import type { Query } from "../../../../model/detail/data.js";
import type { Constant, GivenValue } from "../../../given-values.js";
import { accept, acceptOneOf, type Cursor, expect, fail, looksAt } from "../cursor.js";
import { readExpression } from "../expression/expression.js";
import { readIdentifier, readRelation } from "../names.js";
import { readLimit } from "./limit.js";
import { readLocking } from "./locking.js";
import { readOrderBy } from "./order.js";
import { readInto, readSelect } from "./select.js";
import { readSubquery, seesSubquery } from "./subquery.js";
import { noteRead } from "./table.js";
import { readWith } from "./with.js";

/** What a query does besides reading. */
export type QueryEnd = Pick<Query, "locks" | "into">;

/** `[WITH ...] SELECT ... UNION SELECT ... ORDER BY ... LIMIT ... FOR UPDATE`. @throws Unreadable */
export function readQueryExpression(cursor: Cursor): QueryEnd {
  readWith(cursor);
  return readQueryRest(cursor, readTerm(cursor));
}

/** What follows the first part of a query: other parts, their order and limit. @throws Unreadable */
export function readQueryRest(cursor: Cursor, first: QueryEnd = { locks: null, into: null }): QueryEnd {
  let end = first;
  while (acceptOneOf(cursor, ["UNION", "EXCEPT", "INTERSECT", "MINUS"]) !== null) {
    acceptOneOf(cursor, ["ALL", "DISTINCT"]);
    end = both(end, readTerm(cursor));
  }
  return both(end, readTail(cursor));
}

function both(a: QueryEnd, b: QueryEnd): QueryEnd {
  return { locks: a.locks ?? b.locks, into: a.into ?? b.into };
}

function readTerm(cursor: Cursor): QueryEnd {
  if (seesSubquery(cursor)) readSubquery(cursor);
  else if (accept(cursor, "VALUES")) readRows(cursor);
  else if (cursor.dialect === "mysql" && accept(cursor, "TABLE")) noteRead(cursor, readRelation(cursor));
  else if (accept(cursor, "SELECT")) return { locks: null, into: readSelect(cursor) };
  else fail(cursor, "a query");
  return { locks: null, into: null };
}

/** The servers take INTO before and behind the locking. */
function readTail(cursor: Cursor): QueryEnd {
  readOrderBy(cursor);
  readLimit(cursor);
  if (cursor.dialect === "mariadb" && accept(cursor, "PROCEDURE")) {
    readIdentifier(cursor, "a procedure");
    readRow(cursor);
  }
  const before = readInto(cursor);
  const locks = readLocking(cursor);
  return { locks, into: before ?? readInto(cursor) };
}

/** `VALUES ROW(1, 2), ROW(3, 4)`; on MariaDB without ROW. */
function readRows(cursor: Cursor): void {
  do {
    if (cursor.dialect === "mysql") expect(cursor, "ROW");
    readRow(cursor);
  } while (accept(cursor, ","));
}

/** `(1, DEFAULT)`: the row of a list of rows, which may be empty. @throws Unreadable */
export function readRow(cursor: Cursor): readonly GivenValue[] {
  expect(cursor, "(");
  const values: GivenValue[] = [];
  if (accept(cursor, ")")) return values;
  do values.push(readValue(cursor));
  while (accept(cursor, ","));
  expect(cursor, ")");
  return values;
}

/** An expression, or DEFAULT alone; on MariaDB IGNORE, too. @throws Unreadable */
export function readValue(cursor: Cursor): GivenValue {
  if (looksAt(cursor, "DEFAULT") && !looksAt(cursor, "(", 1)) {
    cursor.index += 1;
    return "default";
  }
  if (cursor.dialect === "mariadb" && accept(cursor, "IGNORE")) return "other";
  const isNull = looksAt(cursor, "NULL");
  const from = cursor.index;
  readExpression(cursor);
  if (isNull && cursor.index === from + 1) return "null";
  return constantOf(cursor.tokens.slice(from, cursor.index)) ?? "other";
}

/** A text without an introducer, or a decimal number with its sign; null for anything else. */
function constantOf(tokens: Cursor["tokens"]): Constant | null {
  const value = tokens.at(-1);
  const sign = tokens.length === 2 ? tokens[0]?.text : "";
  if (value === undefined || tokens.length > 2) return null;
  if (sign === "" && value.kind === "string" && /^['"]/.test(value.text)) return { constant: value.value };
  if (value.kind !== "number" || !/^[\d.]+$/.test(value.text) || !["", "-", "+"].includes(sign ?? "")) return null;
  return { constant: Number(value.text) * (sign === "-" ? -1 : 1) };
}
