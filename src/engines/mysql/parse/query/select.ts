import type { Query } from "../../../../model/detail/data.js";
import { accept, acceptOneOf, type Cursor, expect, fail, looksAt, next, peek } from "../cursor.js";
import { readCharacterSet, seesCharacterSet } from "../data-type.js";
import { readExpression } from "../expression/expression.js";
import { readWindow } from "../expression/over.js";
import { readIdentifier, seesIdentifier } from "../names.js";
import type { Token } from "../token.js";
import { boundsOf } from "./bounds.js";
import { type FromTable, readTables } from "./from.js";
import { readOrderList } from "./order.js";
import { isCte } from "./table.js";

const OPTIONS = [
  "ALL",
  "DISTINCT",
  "DISTINCTROW",
  "HIGH_PRIORITY",
  "STRAIGHT_JOIN",
  "SQL_SMALL_RESULT",
  "SQL_BIG_RESULT",
  "SQL_BUFFER_RESULT",
  "SQL_CALC_FOUND_ROWS",
  "SQL_NO_CACHE",
  "SQL_CACHE",
] as const;

/** A SELECT from behind its verb to its HAVING or WINDOW. @throws Unreadable */
export function readSelect(cursor: Cursor): Query["into"] {
  const { into, tables } = readSelected(cursor);
  readCondition(cursor, tables);
  if (accept(cursor, "GROUP")) readGrouping(cursor);
  if (accept(cursor, "HAVING")) readExpression(cursor);
  if (accept(cursor, "WINDOW")) readWindows(cursor);
  if (cursor.dialect === "mysql" && accept(cursor, "QUALIFY")) readExpression(cursor);
  return into;
}

/** What a SELECT gives, and the tables that it reads: from behind its verb to its WHERE. @throws Unreadable */
export function readSelected(cursor: Cursor): {
  readonly items: readonly (string | null)[];
  readonly into: Query["into"];
  readonly tables: readonly FromTable[];
} {
  while (acceptOneOf(cursor, OPTIONS) !== null);
  const items = readItems(cursor);
  const into = readInto(cursor);
  const tables = accept(cursor, "FROM") && !accept(cursor, "DUAL") ? readTables(cursor) : [];
  return { items, into, tables };
}

function readCondition(cursor: Cursor, tables: readonly FromTable[]): void {
  const filtered = accept(cursor, "WHERE");
  const start = cursor.index;
  if (filtered) readExpression(cursor);
  const [only, another] = tables;
  if (only === undefined || only.relation === null || another !== undefined || isCte(cursor, only.relation)) return;
  const bounds = filtered ? boundsOf(cursor.tokens.slice(start, cursor.index)) : [];
  cursor.lookups.push(Object.freeze({ relation: only.relation, bounds }));
}

/**
 * What is selected, or returned: `*`, `t.*`, `a AS b`. Gives the names of the columns that come of it: `*` for all of a
 * table, null for one that is called as its expression is written. @throws Unreadable
 */
export function readItems(cursor: Cursor): readonly (string | null)[] {
  const names: (string | null)[] = [];
  if (accept(cursor, "*")) {
    names.push("*");
    if (!accept(cursor, ",")) return names;
  }
  do names.push(readItem(cursor));
  while (accept(cursor, ","));
  return names;
}

function readItem(cursor: Cursor): string | null {
  if (readStar(cursor)) return "*";
  const start = cursor.index;
  readExpression(cursor);
  const column = columnIn(cursor.tokens.slice(start, cursor.index));
  const named = accept(cursor, "AS");
  if (peek(cursor).kind === "string") return next(cursor).value;
  return named || seesAlias(cursor) ? readIdentifier(cursor, "a name") : column;
}

/** `a`, `t.a`, `s.t.a`: the name of the column; null for any other expression. */
function columnIn(tokens: readonly Token[]): string | null {
  const last = tokens.at(-1);
  const isName = (token: Token | undefined) => token?.kind === "word" || token?.kind === "quoted";
  const alone = tokens.every((token, at) => (at % 2 === 0 ? isName(token) : token.text === "."));
  return alone && tokens.length % 2 === 1 ? (last?.value ?? null) : null;
}

function readStar(cursor: Cursor): boolean {
  const dotted = cursor.dialect === "mariadb" && looksAt(cursor, ".") ? 1 : 0;
  let at: number = dotted;
  while (seesIdentifier(cursor, at) && looksAt(cursor, ".", at + 1)) at += 2;
  if (at === dotted || !looksAt(cursor, "*", at)) return false;
  cursor.index += at + 1;
  return true;
}

/** Words that go on with a query where a name could stand, and that no server takes for an alias there. */
const GOING_ON: ReadonlySet<string> = new Set(
  "EXCEPT INTERSECT WINDOW QUALIFY FETCH CROSS PARTITION SET RETURNING".split(" "),
);

/** Whether an alias stands there, and not what goes on with the query. */
export function seesAlias(cursor: Cursor): boolean {
  if (!seesIdentifier(cursor) || GOING_ON.has(peek(cursor).upper)) return false;
  if (looksAt(cursor, "MINUS")) return !looksAt(cursor, "SELECT", 1) && !looksAt(cursor, "(", 1);
  // Reserved on MariaDB only.
  return cursor.dialect === "mysql" || !looksAt(cursor, "OFFSET");
}

function readGrouping(cursor: Cursor): void {
  expect(cursor, "BY");
  readOrderList(cursor);
  if (accept(cursor, "WITH")) {
    if (acceptOneOf(cursor, ["ROLLUP", "CUBE"]) === null) fail(cursor, "ROLLUP");
  }
}

function readWindows(cursor: Cursor): void {
  do {
    readIdentifier(cursor, "the name of a window");
    expect(cursor, "AS");
    readWindow(cursor);
  } while (accept(cursor, ","));
}

/** `INTO OUTFILE 'x' FIELDS ...`, `INTO @a, @b`; null when none stands there. @throws Unreadable */
export function readInto(cursor: Cursor): Query["into"] {
  if (!accept(cursor, "INTO")) return null;
  const file = acceptOneOf(cursor, ["OUTFILE", "DUMPFILE"]);
  if (file !== null) return readFile(cursor, file);
  do {
    if (peek(cursor).kind === "variable") next(cursor);
    else readIdentifier(cursor, "a variable");
  } while (accept(cursor, ","));
  return "variables";
}

function readFile(cursor: Cursor, file: string): "file" {
  if (peek(cursor).kind !== "string") fail(cursor, "the name of a file");
  next(cursor);
  if (file !== "OUTFILE") return "file";
  if (seesCharacterSet(cursor)) readCharacterSet(cursor);
  readFormat(cursor);
  return "file";
}

/** `FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '"' LINES TERMINATED BY '\n'`. @throws Unreadable */
export function readFormat(cursor: Cursor): void {
  if (acceptOneOf(cursor, ["FIELDS", "COLUMNS"]) !== null) {
    readSeparators(cursor, ["TERMINATED", "ENCLOSED", "ESCAPED", "OPTIONALLY"]);
  }
  if (accept(cursor, "LINES")) readSeparators(cursor, ["STARTING", "TERMINATED"]);
}

function readSeparators(cursor: Cursor, words: readonly string[]): void {
  for (let count = 0; ; count += 1) {
    const word = acceptOneOf(cursor, words);
    if (word === null && count === 0) fail(cursor, words.join(" or "));
    if (word === null) return;
    if (word === "OPTIONALLY") expect(cursor, "ENCLOSED");
    expect(cursor, "BY");
    if (peek(cursor).kind !== "string" && peek(cursor).kind !== "number") fail(cursor, "a string");
    next(cursor);
  }
}
