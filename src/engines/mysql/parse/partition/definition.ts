import type { PartitionBound, PartitionDefinition } from "../../../../model/detail/partition.js";
import type { TableOption } from "../../../../model/detail/table.js";
import { accept, type Cursor, expect, fail, looksAt } from "../cursor.js";
import { readExpression } from "../expression/expression.js";
import { readIdentifier } from "../names.js";
import { readTableOption } from "../table-option.js";
import { textBetween, textFrom } from "../token-text.js";

/** `(PARTITION p VALUES LESS THAN (10), PARTITION q ...)`. @throws Unreadable */
export function readPartitions(cursor: Cursor): readonly PartitionDefinition[] {
  return readList(cursor, "PARTITION");
}

function readList(cursor: Cursor, word: "PARTITION" | "SUBPARTITION"): readonly PartitionDefinition[] {
  expect(cursor, "(");
  const definitions: PartitionDefinition[] = [];
  do {
    // MariaDB does not need the word.
    if (cursor.dialect === "mysql" || word === "SUBPARTITION") expect(cursor, word);
    else accept(cursor, word);
    definitions.push(readDefinition(cursor, word === "PARTITION"));
  } while (accept(cursor, ","));
  expect(cursor, ")");
  return Object.freeze(definitions);
}

/** A partition from its name on. Only partitions have bounds and subpartitions. @throws Unreadable */
export function readDefinition(cursor: Cursor, whole: boolean): PartitionDefinition {
  const start = cursor.index;
  const name = readName(cursor);
  const bound = whole ? readBound(cursor) : null;
  const options = readOptions(cursor);
  const subpartitions = whole && looksAt(cursor, "(") ? readList(cursor, "SUBPARTITION") : Object.freeze([]);
  return Object.freeze({ name, bound, options, subpartitions, text: textFrom(cursor, start) });
}

function readName(cursor: Cursor): string {
  if (cursor.tokens[cursor.index]?.kind === "string") fail(cursor, "the name of a partition");
  return readIdentifier(cursor, "the name of a partition");
}

function readBound(cursor: Cursor): PartitionBound | null {
  if (accept(cursor, "VALUES")) {
    if (accept(cursor, "LESS")) return readLessThan(cursor);
    expect(cursor, "IN");
    return readValues(cursor, "in");
  }
  if (cursor.dialect === "mysql") return null;
  if (accept(cursor, "HISTORY")) return bound("history", "", false);
  if (accept(cursor, "CURRENT")) return bound("current", "", false);
  return accept(cursor, "DEFAULT") ? bound("default", "", true) : null;
}

function readLessThan(cursor: Cursor): PartitionBound {
  expect(cursor, "THAN");
  return accept(cursor, "MAXVALUE") ? bound("less-than", "MAXVALUE", true) : readValues(cursor, "less-than");
}

function readValues(cursor: Cursor, kind: "in" | "less-than"): PartitionBound {
  const start = cursor.index;
  expect(cursor, "(");
  do {
    if (kind === "in" && looksAt(cursor, "(")) readTuple(cursor);
    else readBoundValue(cursor);
  } while (accept(cursor, ","));
  expect(cursor, ")");
  const text = textBetween(cursor, start + 1, cursor.index - 1);
  // RANGE COLUMNS may have a MAXVALUE for its first column.
  return bound(kind, text, /^MAXVALUE\b/i.test(text));
}

/** The values of several columns. */
function readTuple(cursor: Cursor): void {
  expect(cursor, "(");
  do readBoundValue(cursor);
  while (accept(cursor, ","));
  expect(cursor, ")");
}

function readBoundValue(cursor: Cursor): void {
  if (accept(cursor, "MAXVALUE")) return;
  readExpression(cursor);
}

function bound(kind: PartitionBound["kind"], text: string, rest: boolean): PartitionBound {
  return Object.freeze({ kind, text, rest });
}

/** `ENGINE = InnoDB COMMENT = 'x' DATA DIRECTORY = '...'`, in any order. */
function readOptions(cursor: Cursor): readonly TableOption[] {
  const options: TableOption[] = [];
  for (let option = readOption(cursor); option !== null; option = readOption(cursor)) options.push(option);
  return Object.freeze(options);
}

const OPTIONS = ["ENGINE", "COMMENT", "DATA", "INDEX", "MAX_ROWS", "MIN_ROWS", "TABLESPACE"] as const;

function readOption(cursor: Cursor): TableOption | null {
  if (looksAt(cursor, "STORAGE") && looksAt(cursor, "ENGINE", 1)) cursor.index += 1;
  if (accept(cursor, "NODEGROUP")) {
    accept(cursor, "=");
    const number = cursor.tokens[cursor.index];
    if (number?.kind !== "number") fail(cursor, "a number");
    cursor.index += 1;
    return Object.freeze({ option: "NODEGROUP", value: number.text });
  }
  const engines = cursor.dialect === "mariadb" && looksAt(cursor, "=", 1);
  return engines || OPTIONS.some((word) => looksAt(cursor, word)) ? readTableOption(cursor) : null;
}
