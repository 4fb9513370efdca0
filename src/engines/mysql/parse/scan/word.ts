import { isIdentifier, isSpace } from "./characters.js";
import { emit, emitBroken, type Scanner } from "./scanner.js";

/** A bare name or keyword; also the client's DELIMITER command. */
export function scanWord(scanner: Scanner): boolean {
  const { text, position } = scanner;
  if (!isIdentifier(text.charCodeAt(position))) return false;
  let end = position + 1;
  while (isIdentifier(text.charCodeAt(end)) && !atDelimiter(scanner, end)) end += 1;
  if (!scanDelimiterCommand(scanner, end)) emit(scanner, "word", end);
  return true;
}

/** The terminator that DELIMITER has set. The client looks for it anywhere outside quotes and comments. */
export function scanDelimiter(scanner: Scanner): boolean {
  if (!atDelimiter(scanner, scanner.position)) return false;
  emit(scanner, "delimiter", scanner.position + (scanner.delimiter ?? "").length);
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
