import type { RelationName } from "../../../../model/name.js";
import type { Operation } from "../../../../model/operation.js";
import { skipBrackets } from "../brackets.js";
import { accept, acceptOneOf, type Cursor, expect, fail, looksAt, next, peek } from "../cursor.js";
import { readIdentifier, readRelation } from "../names.js";
import { readPartitionBy } from "../table-option.js";
import { otherAction } from "./action.js";

/** Verbs whose partitions are named behind them, or ALL. */
const VERBS = ["ANALYZE", "CHECK", "OPTIMIZE", "REBUILD", "REPAIR", "TRUNCATE"] as const;
const CHECK_OPTIONS = ["QUICK", "FAST", "MEDIUM", "EXTENDED", "CHANGED", "USE_FRM"] as const;

/** Everything about partitions but ADD and DROP. Null when something else stands there. @throws Unreadable */
export function readPartition(cursor: Cursor, relation: RelationName): readonly Operation[] | null {
  const start = cursor.index;
  const what = readPartitioning(cursor) ?? readMaintenance(cursor) ?? readMove(cursor) ?? readTablespace(cursor);
  return what === null ? null : otherAction(cursor, relation, start, what);
}

/** `p0, p1` or `ALL`. No other action may follow, so every comma leads to a name. @throws Unreadable */
export function readPartitionNames(cursor: Cursor): void {
  if (accept(cursor, "ALL")) return;
  do readIdentifier(cursor, "the name of a partition");
  while (accept(cursor, ","));
}

function readPartitioning(cursor: Cursor): string | null {
  if (readPartitionBy(cursor)) return "partition-by";
  if (accept(cursor, "REMOVE", "PARTITIONING")) return "remove-partitioning";
  if (accept(cursor, "COALESCE", "PARTITION")) {
    readBinlogOption(cursor);
    if (peek(cursor).kind !== "number") fail(cursor, "a number of partitions");
    next(cursor);
    return "coalesce-partition";
  }
  if (!accept(cursor, "REORGANIZE", "PARTITION")) return null;
  readBinlogOption(cursor);
  if (peek(cursor).kind !== "end" && !looksAt(cursor, "INTO")) readPartitionNames(cursor);
  if (accept(cursor, "INTO")) skipBrackets(cursor, "partitions");
  return "reorganize-partition";
}

function readMaintenance(cursor: Cursor): string | null {
  const verb = VERBS.find((word) => looksAt(cursor, word) && looksAt(cursor, "PARTITION", 1));
  if (verb === undefined) return null;
  cursor.index += 2;
  readBinlogOption(cursor);
  readPartitionNames(cursor);
  while (acceptOneOf(cursor, CHECK_OPTIONS) !== null);
  return `${verb.toLowerCase()}-partition`;
}

function readBinlogOption(cursor: Cursor): void {
  acceptOneOf(cursor, ["NO_WRITE_TO_BINLOG", "LOCAL"]);
}

/** `EXCHANGE PARTITION p WITH TABLE t`; on MariaDB also CONVERT between a partition and a table. */
function readMove(cursor: Cursor): string | null {
  if (accept(cursor, "EXCHANGE", "PARTITION")) {
    readIdentifier(cursor, "the name of a partition");
    expect(cursor, "WITH", "TABLE");
    readRelation(cursor);
    if (acceptOneOf(cursor, ["WITH", "WITHOUT"]) !== null) expect(cursor, "VALIDATION");
    return "exchange-partition";
  }
  if (cursor.dialect !== "mariadb") return null;
  if (accept(cursor, "CONVERT", "PARTITION")) {
    readIdentifier(cursor, "the name of a partition");
    expect(cursor, "TO", "TABLE");
    readRelation(cursor);
    return "convert-partition";
  }
  return accept(cursor, "CONVERT", "TABLE") ? readConvertTable(cursor) : null;
}

/** `CONVERT TABLE t TO PARTITION p VALUES LESS THAN (10)`. */
function readConvertTable(cursor: Cursor): string {
  readRelation(cursor);
  expect(cursor, "TO", "PARTITION");
  readIdentifier(cursor, "the name of a partition");
  while (peek(cursor).kind !== "end" && !looksAt(cursor, ",")) {
    if (looksAt(cursor, "(")) skipBrackets(cursor, "values");
    else next(cursor);
  }
  return "convert-table";
}

/** `DISCARD TABLESPACE`, `IMPORT PARTITION p TABLESPACE`. */
function readTablespace(cursor: Cursor): string | null {
  const verb = ["DISCARD", "IMPORT"].find((word) => looksAt(cursor, word));
  if (verb === undefined) return null;
  next(cursor);
  if (accept(cursor, "PARTITION")) readPartitionNames(cursor);
  expect(cursor, "TABLESPACE");
  return `${verb.toLowerCase()}-tablespace`;
}
