import { ZmigrateError } from "../errors.js";
import { readCsv } from "./csv.js";

/** What the column of texts is called: pg_stat_statements, and MySQL's digests. */
const COLUMNS: ReadonlySet<string> = new Set(["query", "digest_text"]);

const isColumn = (name: string): boolean => COLUMNS.has(name.trim().toLowerCase());

/** A text of an export and where it stands; null where the server had no text for it. */
export interface ExportedText {
  readonly place: string;
  readonly text: string | null;
}

const bad = (file: string, reason: string): ZmigrateError => new ZmigrateError("bad-queries", { file, reason });

function fromCsv(file: string, text: string): ExportedText[] {
  const records = readCsv(text);
  if (records === null) throw bad(file, "it is not CSV: a quoted field has no end, or something stands behind it");
  const [head = [], ...rows] = records;
  const column = head.findIndex(isColumn);
  if (column === -1) throw bad(file, "no column of its first line is called query or DIGEST_TEXT");
  return rows.map((row, i) => ({ place: `${file} row ${i + 1}`, text: row[column] || null }));
}

/** One value, or one a line. */
function jsonValues(file: string, text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [value];
  } catch {
    return text.split("\n").flatMap((line, i) => (line.trim() === "" ? [] : [jsonLine(file, line, i + 1)]));
  }
}

function jsonLine(file: string, line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    const reason = `it is not JSON, and line ${number} is not either`;
    throw new ZmigrateError("bad-queries", { file, reason }, { cause });
  }
}

function textOf(file: string, row: unknown, number: number): ExportedText {
  const entries = typeof row === "object" && row !== null ? Object.entries(row) : [];
  const [, text] = entries.find(([key]) => isColumn(key)) ?? [];
  if (text !== null && typeof text !== "string")
    throw bad(file, `row ${number} has no text called query or DIGEST_TEXT`);
  return { place: `${file} row ${number}`, text: text || null };
}

/**
 * The texts of an export of the server's statistics: CSV whose first line names the columns, or JSON, a list of objects or
 * one a line.
 *
 * @param text LF
 * @throws ZmigrateError bad-queries
 */
export function exportedTexts(file: string, text: string): readonly ExportedText[] {
  if (/\.csv$/i.test(file)) return fromCsv(file, text);
  return jsonValues(file, text).map((row, i) => textOf(file, row, i + 1));
}
