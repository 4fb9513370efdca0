import type { Token } from "./library.js";
import type { Source } from "./source.js";

/** A stretch of a file that is read by itself: a statement with its semicolon, or a line for psql. */
export interface Piece {
  readonly kind: "statement" | "meta-command";
  readonly start: number;
  readonly end: number;
}

/**
 * Splits a file at the semicolons that end a statement: not at those inside brackets (`CREATE RULE ... DO (a; b)`) or
 * in the body of a function in SQL (`BEGIN ATOMIC ...; END`).
 */
export function* piecesOf(source: Source): Generator<Piece> {
  let start = 0;
  let brackets = 0;
  let atomic: string[] = [];
  for (const [i, token] of source.tokens.entries()) {
    if (token.start < start) continue;
    if (isMetaCommand(source, token)) {
      yield { kind: "statement", start, end: token.start };
      start = endOfLine(source.text, token.start);
      yield { kind: "meta-command", start: token.start, end: start };
      brackets = 0;
      atomic = [];
      continue;
    }
    brackets = Math.max(0, brackets + bracketStep(token));
    atomic = blockStep(atomic, source.tokens[i - 1], token);
    if (token.text !== ";" || brackets > 0 || atomic.length > 0) continue;
    yield { kind: "statement", start, end: token.end };
    start = token.end;
  }
  yield { kind: "statement", start, end: source.text.length };
}

function bracketStep(token: Token): number {
  if (token.text === "(") return 1;
  return token.text === ")" ? -1 : 0;
}

/** The blocks that are open behind a token: BEGIN ATOMIC, and the CASEs inside it that have an END as well. */
function blockStep(open: string[], before: Token | undefined, token: Token): string[] {
  if (token.keyword === "ATOMIC" && before?.keyword === "BEGIN") return [...open, "BEGIN"];
  if (open.length === 0) return open;
  if (token.keyword === "CASE") return [...open, "CASE"];
  return token.keyword === "END" ? open.slice(0, -1) : open;
}

function isMetaCommand(source: Source, token: Token): boolean {
  if (token.text !== "\\") return false;
  const lineStart = source.text.lastIndexOf("\n", token.start) + 1;
  return source.text.slice(lineStart, token.start).trim() === "";
}

function endOfLine(text: string, from: number): number {
  const newline = text.indexOf("\n", from);
  return newline < 0 ? text.length : newline;
}
