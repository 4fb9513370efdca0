import type { Partitioning } from "../../../../model/detail/partition.js";
import { readBracketedExpression } from "../brackets.js";
import { accept, acceptOneOf, type Cursor, expect, fail, looksAt } from "../cursor.js";
import { readExpression } from "../expression/expression.js";
import { readInterval } from "../expression/interval.js";
import { readNumber } from "../expression/literal.js";
import { readColumnNames } from "../names.js";
import { textFrom } from "../token-text.js";
import { readPartitions } from "./definition.js";

type Method = Pick<Partitioning, "method" | "variant" | "columns" | "expression">;

/** `PARTITION BY ...` with its partitions; null when none stands there. @throws Unreadable */
export function readPartitionBy(cursor: Cursor): Partitioning | null {
  if (!accept(cursor, "PARTITION", "BY")) return null;
  const method = readHashed(cursor) ?? readRanged(cursor) ?? readSystemTime(cursor);
  if (method === null) fail(cursor, "HASH, KEY, RANGE or LIST");
  const count = readCount(cursor, "PARTITIONS");
  const subpartitioning = readSubpartitioning(cursor);
  const listed = looksAt(cursor, "(") && (looksAt(cursor, "PARTITION", 1) || cursor.dialect === "mariadb");
  const partitions = listed ? readPartitions(cursor) : Object.freeze([]);
  return Object.freeze({ ...method, count, subpartitioning, partitions });
}

function readSubpartitioning(cursor: Cursor): Partitioning["subpartitioning"] {
  if (!accept(cursor, "SUBPARTITION")) return null;
  expect(cursor, "BY");
  const method = readHashed(cursor) ?? fail(cursor, "HASH or KEY");
  return Object.freeze({ ...method, count: readCount(cursor, "SUBPARTITIONS") });
}

/** `[LINEAR] HASH (expression)`, `[LINEAR] KEY [ALGORITHM = 2] (columns)`. */
function readHashed(cursor: Cursor): Method | null {
  const variant = accept(cursor, "LINEAR") ? "LINEAR" : null;
  if (accept(cursor, "HASH")) {
    return { method: "hash", variant, columns: [], expression: readBracketedExpression(cursor, "an expression") };
  }
  if (!accept(cursor, "KEY")) return variant === null ? null : fail(cursor, "HASH or KEY");
  if (accept(cursor, "ALGORITHM")) {
    expect(cursor, "=");
    if (readNumber(cursor) === null) fail(cursor, "1 or 2");
  }
  const empty = looksAt(cursor, "(") && looksAt(cursor, ")", 1);
  if (empty) cursor.index += 2;
  return { method: "key", variant, columns: empty ? [] : readColumnNames(cursor), expression: null };
}

/** `RANGE (expression)`, `LIST COLUMNS (columns)`. */
function readRanged(cursor: Cursor): Method | null {
  const word = acceptOneOf(cursor, ["RANGE", "LIST"]);
  if (word === null) return null;
  const method = word === "RANGE" ? "range" : "list";
  if (accept(cursor, "COLUMNS")) {
    return { method, variant: "COLUMNS", columns: readColumnNames(cursor), expression: null };
  }
  return { method, variant: null, columns: [], expression: readBracketedExpression(cursor, "an expression") };
}

/** MariaDB's `SYSTEM_TIME INTERVAL 1 MONTH STARTS '...' AUTO`, `SYSTEM_TIME LIMIT 1000`. */
function readSystemTime(cursor: Cursor): Method | null {
  if (cursor.dialect === "mysql" || !accept(cursor, "SYSTEM_TIME")) return null;
  const start = cursor.index;
  if (looksAt(cursor, "INTERVAL")) {
    readInterval(cursor);
    if (accept(cursor, "STARTS")) {
      if (looksAt(cursor, "AUTO")) fail(cursor, "a time");
      readExpression(cursor);
    }
  } else if (accept(cursor, "LIMIT") && readNumber(cursor) === null) fail(cursor, "a number of rows");
  accept(cursor, "AUTO");
  return { method: "system-time", variant: null, columns: [], expression: textFrom(cursor, start) || null };
}

function readCount(cursor: Cursor, word: string): number | null {
  return accept(cursor, word) ? (readNumber(cursor) ?? fail(cursor, "a number of partitions")) : null;
}
