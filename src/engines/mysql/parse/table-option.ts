import type { TableOption } from "../../../model/detail/table.js";
import { accept, acceptOneOf, type Cursor, expect, fail, looksAt, next, peek, sees } from "./cursor.js";
import { readCharacterSet, readCharsetName, seesCharacterSet } from "./data-type.js";
import type { MysqlDialect } from "./dialect.js";
import { readRelation, seesIdentifier } from "./names.js";
import { readOptionValue } from "./option-value.js";
import { textFrom } from "./token-text.js";

/** What an option takes: a number, a string, `DEFAULT` or a number, a size (`4M`), one of these words, or anything. */
type Takes = "number" | "string" | "default" | "size" | "any" | readonly string[];

const ROW_FORMATS = ["DEFAULT", "DYNAMIC", "FIXED", "COMPRESSED", "REDUNDANT", "COMPACT", "PAGE"];

/** Options of one word, which may be written without `=`. */
const NAMED: Readonly<Record<string, Takes>> = Object.freeze({
  ...taking("any", "ENGINE TYPE TABLESPACE"),
  ...taking("string", "COMMENT CONNECTION PASSWORD"),
  ...taking(
    "number",
    "AUTO_INCREMENT AVG_ROW_LENGTH CHECKSUM DELAY_KEY_WRITE KEY_BLOCK_SIZE MAX_ROWS MIN_ROWS TABLE_CHECKSUM",
  ),
  ...taking("default", "PACK_KEYS STATS_AUTO_RECALC STATS_PERSISTENT STATS_SAMPLE_PAGES"),
  ROW_FORMAT: ROW_FORMATS,
  INSERT_METHOD: ["NO", "FIRST", "LAST"],
  STORAGE: ["DISK", "MEMORY", "DEFAULT"],
});

/** Those that only one of the servers has. */
const OWN: Readonly<Record<MysqlDialect, Readonly<Record<string, Takes>>>> = Object.freeze({
  mysql: {
    ...taking("any", "SECONDARY_ENGINE"),
    ...taking("size", "AUTOEXTEND_SIZE"),
    ...taking("string", "COMPRESSION ENCRYPTION ENGINE_ATTRIBUTE SECONDARY_ENGINE_ATTRIBUTE"),
  },
  mariadb: { ...taking("any", "TRANSACTIONAL SEQUENCE"), ...taking("default", "PAGE_CHECKSUM") },
});

function taking(takes: Takes, words: string): Record<string, Takes> {
  return Object.fromEntries(words.split(" ").map((word) => [word, takes]));
}

/** Reads one option of a table; null when none stands there. @throws Unreadable */
export function readTableOption(cursor: Cursor): TableOption | null {
  return readCharsetOption(cursor) ?? readPhrase(cursor) ?? readNamed(cursor);
}

/** @throws Unreadable */
function readCharsetOption(cursor: Cursor): TableOption | null {
  const start = cursor.index;
  accept(cursor, "DEFAULT");
  if (seesCharacterSet(cursor)) return option("CHARACTER SET", readCharacterSet(cursor));
  if (accept(cursor, "COLLATE")) {
    accept(cursor, "=");
    return option("COLLATE", readCharsetName(cursor));
  }
  cursor.index = start;
  return null;
}

/** Options of more than one word, or with a list. */
function readPhrase(cursor: Cursor): TableOption | null {
  if (cursor.dialect === "mysql" && accept(cursor, "START", "TRANSACTION")) return option("START TRANSACTION", null);
  if (cursor.dialect === "mariadb" && accept(cursor, "WITH", "SYSTEM", "VERSIONING")) {
    return option("SYSTEM VERSIONING", null);
  }
  const directory = ["DATA", "INDEX"].find((word) => sees(cursor, word, "DIRECTORY"));
  if (directory !== undefined) {
    cursor.index += 2;
    return option(`${directory} DIRECTORY`, readValue(cursor, "string"));
  }
  if (!sees(cursor, "UNION", "=") && !sees(cursor, "UNION", "(")) return null;
  next(cursor);
  accept(cursor, "=");
  return option("UNION", readTables(cursor));
}

function readTables(cursor: Cursor): string {
  const start = cursor.index;
  expect(cursor, "(");
  if (!looksAt(cursor, ")")) {
    do readRelation(cursor);
    while (accept(cursor, ","));
  }
  expect(cursor, ")");
  return textFrom(cursor, start);
}

function readNamed(cursor: Cursor): TableOption | null {
  const { upper, value } = peek(cursor);
  const takes = takenBy(NAMED, upper) ?? takenBy(OWN[cursor.dialect], upper);
  // MariaDB leaves names that it does not know to the engine.
  const engines =
    cursor.dialect === "mariadb" && seesIdentifier(cursor) && looksAt(cursor, "=", 1) && upper !== "DIRECTORY";
  if (takes === null && !engines) return null;
  next(cursor);
  return option(upper === "TYPE" ? "ENGINE" : value.toUpperCase(), readValue(cursor, takes ?? "any"));
}

/** Whether the word that stands there is an option of a table, and no attribute of a column. */
export function isTableOption(cursor: Cursor): boolean {
  const { upper } = peek(cursor);
  return takenBy(NAMED, upper) !== null || upper === "DIRECTORY";
}

function takenBy(options: Readonly<Record<string, Takes>>, word: string): Takes | null {
  return Object.hasOwn(options, word) ? (options[word] ?? null) : null;
}

/** `= value`, or `value`. */
function readValue(cursor: Cursor, takes: Takes): string {
  accept(cursor, "=");
  if (typeof takes === "object") return acceptOneOf(cursor, takes) ?? fail(cursor, takes.join(", "));
  const { kind } = peek(cursor);
  if (takes === "size" && /^\d+[kmgt]$/i.test(peek(cursor).text)) return next(cursor).text;
  if (takes === "default" && accept(cursor, "DEFAULT")) return "DEFAULT";
  if (takes === "string" ? kind !== "string" : takes !== "any" && kind !== "number") {
    fail(cursor, takes === "string" ? "a string" : "a number");
  }
  return readOptionValue(cursor);
}

function option(name: string, value: string | null): TableOption {
  return Object.freeze({ option: name, value });
}

/** Whether the query of CREATE TABLE ... AS begins there. */
export function seesQuery(cursor: Cursor): boolean {
  return ["AS", "IGNORE", "REPLACE"].some((word) => looksAt(cursor, word)) || beginsQuery(cursor, 0);
}

/** `SELECT`, `WITH`, `VALUES`, `TABLE`, however deep in parentheses. */
export function beginsQuery(cursor: Cursor, ahead: number): boolean {
  let at = ahead;
  while (looksAt(cursor, "(", at)) at += 1;
  if (looksAt(cursor, "WITH", at)) return !looksAt(cursor, "SYSTEM", at + 1);
  if (looksAt(cursor, "VALUES", at)) return cursor.dialect === "mariadb" || looksAt(cursor, "ROW", at + 1);
  return looksAt(cursor, "SELECT", at) || (cursor.dialect === "mysql" && looksAt(cursor, "TABLE", at));
}
