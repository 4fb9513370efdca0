import { accept, type Cursor, expect, looksAt } from "../cursor.js";
import { nested } from "../nesting.js";
import { beginsQuery } from "../table-option.js";
import { type FromTable, readDerivedName, readJoined, readJoins } from "./from.js";
import { readQueryRest } from "./query.js";
import { readSubquery } from "./subquery.js";

/**
 * What stands in parentheses in a FROM: a query, which gets its name behind them, or tables. Which one it is can only
 * be told behind the innermost pair: `((SELECT 1) UNION SELECT 2) x`, `((SELECT 1) x JOIN t)`. @throws Unreadable
 */
export function readParentheses(cursor: Cursor, tables: FromTable[]): "query" | "tables" {
  if (!looksAt(cursor, "(", 1)) {
    if (beginsQuery(cursor, 1)) {
      readSubquery(cursor);
      return "query";
    }
    expect(cursor, "(");
    readJoined(cursor, tables);
    return readMoreTables(cursor, tables);
  }
  expect(cursor, "(");
  const inner = nested(cursor, (each) => readParentheses(each, tables));
  if (inner === "query" && goesOnAsQuery(cursor)) {
    readQueryRest(cursor);
    expect(cursor, ")");
    return "query";
  }
  if (inner === "query") readDerivedName(cursor, tables);
  readJoins(cursor, tables);
  return readMoreTables(cursor, tables);
}

function goesOnAsQuery(cursor: Cursor): boolean {
  const words = [")", "UNION", "EXCEPT", "INTERSECT", "MINUS", "ORDER", "LIMIT", "FOR", "LOCK", "INTO"];
  return words.some((word) => looksAt(cursor, word));
}

function readMoreTables(cursor: Cursor, tables: FromTable[]): "tables" {
  while (accept(cursor, ",")) readJoined(cursor, tables);
  expect(cursor, ")");
  return "tables";
}
