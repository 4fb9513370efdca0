import { isIdentifier, isSpace } from "./characters.js";
import { emit, emitBroken, type Scanner } from "./scanner.js";
import { endStatement } from "./sql-mode.js";

/** A bare name or keyword; also the client's DELIMITER command. */
export function scanWord(scanner: Scanner): boolean {
  const { text, position } = scanner;
  if (!isIdentifier(text.charCodeAt(position))) return false;
  let end = position + 1;
  while (isIdentifier(text.charCodeAt(end)) && !atDelimiter(scanner, end)) end += 1;
  if (!scanDelimiterCommand(scanner, end)) emit(scanner, isDotted(scanner, end) ? "name" : "word", end);
  return true;
}

/** Directly before or behind a dot a word is never a keyword: `t.select`, `select.t`. */
function isDotted({ text, position, tokens }: Scanner, end: number): boolean {
  if (text[end] === "." && isIdentifier(text.charCodeAt(end + 1))) return true;
  return text[position - 1] === "." && tokens.at(-1)?.text === ".";
}

/** The terminator that DELIMITER has set. The client looks for it anywhere outside quotes and comments. */
export function scanDelimiter(scanner: Scanner): boolean {
  if (!atDelimiter(scanner, scanner.position)) return false;
  emit(scanner, "delimiter", scanner.position + (scanner.delimiter ?? "").length);
  endStatement(scanner);
  return true;
}

function atDelimiter(scanner: Scanner, at: number): boolean {
  return scanner.delimiter !== null && scanner.text.startsWith(scanner.delimiter, at);
}

/** `DELIMITER $$` is for the mysql client: it holds to the end of its line and never reaches the server. */
function scanDelimiterCommand(scanner: Scanner, end: number): boolean {
  const { text, position } = scanner;
  if (end - position !== 9 || text.slice(position, end).toUpperCase() !== "DELIMITER") return false;
  if (!startsStatement(scanner)) return false;
  const newline = text.indexOf("\n", end);
  const lineEnd = newline < 0 ? text.length : newline;
  const [word] = text.slice(end, lineEnd).trim().split(/\s+/);
  const chosen = (word ?? "").replace(/^(['"`])(.*)\1$/, "$2");
  if (chosen === "" || chosen.includes("\\") || !isSpace(text.charCodeAt(end))) {
    emitBroken(scanner, lineEnd, "DELIMITER must be followed by a space and the new delimiter, without a backslash.");
  } else {
    scanner.delimiter = chosen === ";" ? null : chosen;
    scanner.position = lineEnd;
  }
  return true;
}

function startsStatement(scanner: Scanner): boolean {
  const last = scanner.tokens.at(-1);
  if (last === undefined || last.kind === "semicolon" || last.kind === "delimiter") return true;
  return last.kind === "broken" && scanner.text.lastIndexOf("\n", scanner.position) >= last.span.end;
}
