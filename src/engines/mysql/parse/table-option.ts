import { skipBrackets } from "./brackets.js";
import { accept, atEnd, type Cursor, looksAt, next, peek, sees } from "./cursor.js";
import { readCharacterSet, readCharsetName, seesCharacterSet } from "./data-type.js";
import { readOptionValue } from "./option-value.js";

/** What a table option changes, in the words of `OtherOperation.what`. */
export type TableOption = "charset" | "engine" | "comment" | "row-format" | "auto-increment" | "table-option";

/** Options of a table that may be written without `=`, one word. */
const NAMED: Readonly<Record<string, TableOption>> = Object.freeze({
  ENGINE: "engine",
  TYPE: "engine",
  COMMENT: "comment",
  ROW_FORMAT: "row-format",
  KEY_BLOCK_SIZE: "row-format",
  AUTO_INCREMENT: "auto-increment",
  ...Object.fromEntries(
    (
      "AUTOEXTEND_SIZE AVG_ROW_LENGTH CHECKSUM COMPRESSION CONNECTION DELAY_KEY_WRITE ENCRYPTION ENGINE_ATTRIBUTE " +
      "INSERT_METHOD MAX_ROWS MIN_ROWS PACK_KEYS PASSWORD SECONDARY_ENGINE SECONDARY_ENGINE_ATTRIBUTE " +
      "STATS_AUTO_RECALC STATS_PERSISTENT STATS_SAMPLE_PAGES STORAGE TABLESPACE TABLE_CHECKSUM " +
      "PAGE_CHECKSUM TRANSACTIONAL SEQUENCE"
    )
      .split(" ")
      .map((word) => [word, "table-option"] as const),
  ),
});

/** Reads one option of a table; null when none stands there. @throws Unreadable */
export function readTableOption(cursor: Cursor): TableOption | null {
  return readCharsetOption(cursor) ?? readPhrase(cursor) ?? readNamed(cursor);
}

function readCharsetOption(cursor: Cursor): TableOption | null {
  const start = cursor.index;
  accept(cursor, "DEFAULT");
  if (seesCharacterSet(cursor)) readCharacterSet(cursor);
  else if (accept(cursor, "COLLATE")) {
    accept(cursor, "=");
    readCharsetName(cursor);
  } else {
    cursor.index = start;
    return null;
  }
  return "charset";
}

/** Options of more than one word, or with a list. */
function readPhrase(cursor: Cursor): TableOption | null {
  if (accept(cursor, "START", "TRANSACTION")) return "table-option";
  if (cursor.dialect === "mariadb" && accept(cursor, "WITH", "SYSTEM", "VERSIONING")) return "table-option";
  if (accept(cursor, "DATA", "DIRECTORY") || accept(cursor, "INDEX", "DIRECTORY")) {
    accept(cursor, "=");
    readOptionValue(cursor);
    return "table-option";
  }
  if (!sees(cursor, "UNION", "=") && !sees(cursor, "UNION", "(")) return null;
  next(cursor);
  accept(cursor, "=");
  skipBrackets(cursor, "tables");
  return "table-option";
}

function readNamed(cursor: Cursor): TableOption | null {
  const { kind, upper } = peek(cursor);
  const known = Object.hasOwn(NAMED, upper) ? (NAMED[upper] ?? null) : null;
  // MariaDB leaves names that it does not know to the engine.
  const engines = cursor.dialect === "mariadb" && (kind === "word" || kind === "quoted") && looksAt(cursor, "=", 1);
  if (known === null && !engines) return null;
  next(cursor);
  accept(cursor, "=");
  readOptionValue(cursor);
  return known ?? "table-option";
}

/** `PARTITION BY ...` up to the end of the statement, or to the query of CREATE TABLE ... AS. @throws Unreadable */
export function readPartitionBy(cursor: Cursor): boolean {
  if (!accept(cursor, "PARTITION", "BY")) return false;
  while (!atEnd(cursor) && !seesQuery(cursor)) {
    if (looksAt(cursor, "(")) skipBrackets(cursor, "partitions");
    else next(cursor);
  }
  return true;
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
  return ["SELECT", "VALUES", "TABLE"].some((word) => looksAt(cursor, word, at));
}
