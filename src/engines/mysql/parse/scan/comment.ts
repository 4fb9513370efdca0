import { isDigit, isSpace } from "./characters.js";
import { emitBroken, type Scanner } from "./scanner.js";

/** `#` and `-- ` up to the end of the line. The server wants a space or control character after the dashes. */
export function scanLineComment(scanner: Scanner): boolean {
  if (!startsLineComment(scanner.text, scanner.position)) return false;
  const newline = scanner.text.indexOf("\n", scanner.position);
  const end = newline < 0 ? scanner.text.length : newline;
  keep(scanner, scanner.text.charCodeAt(end - 1) === 13 ? end - 1 : end);
  return true;
}

function startsLineComment(text: string, at: number): boolean {
  if (text[at] === "#") return true;
  if (text[at] !== "-" || text[at + 1] !== "-") return false;
  const after = text.charCodeAt(at + 2);
  return Number.isNaN(after) || after <= 32;
}

/** A comment in slashes and stars: skipped, or opened when the server runs what is in it. */
export function scanBlockComment(scanner: Scanner): boolean {
  if (!scanner.text.startsWith("/*", scanner.position)) return false;
  const head = executableHead(scanner);
  if (head !== null) {
    openRegion(scanner, head);
    return true;
  }
  const close = scanner.text.indexOf("*/", scanner.position + 2);
  if (close < 0) emitBroken(scanner, scanner.text.length, "The comment is not closed: `*/` is missing.");
  else keep(scanner, close + 2);
  return true;
}

function openRegion(scanner: Scanner, head: number): void {
  // The servers stop at the first `*/` then, so that its second one is an error or, worse, an operator.
  if (scanner.regionStart >= 0) emitBroken(scanner, head, "An executable comment may not hold another one.");
  else {
    scanner.regionStart = scanner.position;
    scanner.position = head;
  }
}

/** The end of an executable comment that is open. */
export function scanRegionEnd(scanner: Scanner): boolean {
  if (scanner.regionStart < 0 || !scanner.text.startsWith("*/", scanner.position)) return false;
  scanner.position += 2;
  scanner.regions.push({ start: scanner.regionStart, end: scanner.position });
  scanner.regionStart = -1;
  return true;
}

function keep(scanner: Scanner, end: number): void {
  const start = scanner.position;
  scanner.comments.push({ span: { start, end }, text: scanner.text.slice(start, end) });
  scanner.position = end;
}

/** Where the code of an executable comment begins; null when the server takes it for a comment. */
function executableHead(scanner: Scanner): number | null {
  const { text, position, dialect } = scanner;
  const own = text.startsWith("M!", position + 2);
  if (text[position + 2] !== "!" && !(own && dialect === "mariadb")) return null;
  const start = position + (own ? 4 : 3);
  const digits = versionDigits(text, start);
  if (digits === 0) return start;
  const version = Number(text.slice(start, start + digits));
  return runs(version, dialect, own) ? start + digits : null;
}

/** The server reads five or six digits as a version; fewer are code. */
function versionDigits(text: string, start: number): number {
  let count = 0;
  while (count < 6 && isDigit(text.charCodeAt(start + count))) count += 1;
  return count >= 5 ? count : 0;
}

/**
 * Whether some supported server runs a comment of this version. MariaDB skips 50700 to 99999, which mean MySQL's own
 * features, unless they are written `/*M!` (sql_lex.cc of both). No MySQL is at 99999 or beyond, and dumps of MariaDB
 * use 999999 for "never". What only a newer server runs counts as code.
 */
function runs(version: number, dialect: Scanner["dialect"], own: boolean): boolean {
  if (dialect === "mysql") return version < 99_999;
  if (!own && version >= 50_700 && version <= 99_999) return false;
  return version < 990_000;
}

/** Moves over white space; true when there was some. */
export function skipSpace(scanner: Scanner): boolean {
  const from = scanner.position;
  while (isSpace(scanner.text.charCodeAt(scanner.position))) scanner.position += 1;
  return scanner.position > from;
}
