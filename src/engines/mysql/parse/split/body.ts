import { atTerminator } from "../brackets.js";
import { accept, acceptOneOf, atEnd, type Cursor, looksAt, next, peek } from "../cursor.js";
import type { Token } from "../token.js";

/** A block that is open: the keyword that opened it. */
type Blocks = Token[];

/**
 * Moves over the body of a routine, whose statements end with semicolons of their own, to the terminator of the whole
 * statement. Gives the keyword of the block that is not closed there, null when all are. Time is linear in the body.
 */
export function skipBody(cursor: Cursor): Token | null {
  const blocks: Blocks = [];
  do step(cursor, blocks);
  while (blocks.length > 0 && !atDelimiter(cursor));
  if (blocks.length === 0) skipUntil(cursor, []);
  return blocks.at(-1) ?? null;
}

/** The client's own delimiter ends everything; a semicolon is dealt with where it stands. */
function atDelimiter(cursor: Cursor): boolean {
  return atEnd(cursor) || peek(cursor).kind === "delimiter";
}

/** One statement of the body, or the part of a block up to where its next statement begins. */
function step(cursor: Cursor, blocks: Blocks): void {
  while (readLabel(cursor) || readHandler(cursor));
  if (blocks.length > 0 && readInside(cursor, blocks)) return;
  if (readOpening(cursor, blocks)) return;
  skipUntil(cursor, []);
  if (blocks.length > 0 && peek(cursor).kind === "semicolon") next(cursor);
}

function readLabel(cursor: Cursor): boolean {
  const { kind } = peek(cursor);
  if ((kind !== "word" && kind !== "quoted") || !looksAt(cursor, ":", 1)) return false;
  cursor.index += 2;
  return true;
}

/** What goes on or ends the innermost block. */
function readInside(cursor: Cursor, blocks: Blocks): boolean {
  if (accept(cursor, "END")) {
    blocks.pop();
    skipUntil(cursor, []);
    if (blocks.length > 0 && peek(cursor).kind === "semicolon") next(cursor);
  } else if (acceptOneOf(cursor, ["ELSEIF", "WHEN"]) !== null) skipBehind(cursor, "THEN");
  else if (accept(cursor, "UNTIL")) skipUntil(cursor, ["END"]);
  else return accept(cursor, "ELSE");
  return true;
}

function readOpening(cursor: Cursor, blocks: Blocks): boolean {
  const token = peek(cursor);
  switch (acceptOneOf(cursor, ["BEGIN", "LOOP", "REPEAT", "IF", "CASE", "WHILE", "FOR"])) {
    case null:
      return false;
    case "BEGIN":
      accept(cursor, "NOT", "ATOMIC");
      break;
    case "IF":
      skipBehind(cursor, "THEN");
      break;
    case "CASE":
      skipUntil(cursor, ["WHEN"]);
      break;
    case "WHILE":
    case "FOR":
      skipBehind(cursor, "DO");
  }
  blocks.push(token);
  return true;
}

/** `DECLARE EXIT HANDLER FOR NOT FOUND, 1062`: the statement behind it may be a block. */
function readHandler(cursor: Cursor): boolean {
  if (!looksAt(cursor, "DECLARE") || !looksAt(cursor, "HANDLER", 2)) return false;
  cursor.index += 3;
  if (!accept(cursor, "FOR")) return false;
  do {
    if (accept(cursor, "SQLSTATE")) accept(cursor, "VALUE");
    else accept(cursor, "NOT");
    next(cursor);
  } while (accept(cursor, ","));
  return true;
}

function skipBehind(cursor: Cursor, word: string): void {
  if (skipUntil(cursor, [word])) next(cursor);
}

/** Moves to one of these words outside of CASE expressions, or to a terminator; true when it is a word. */
function skipUntil(cursor: Cursor, words: readonly string[]): boolean {
  let cases = 0;
  for (;;) {
    if (atTerminator(cursor)) return false;
    if (cases === 0 && words.some((word) => looksAt(cursor, word))) return true;
    if (looksAt(cursor, "CASE")) cases += 1;
    else if (looksAt(cursor, "END")) cases = Math.max(0, cases - 1);
    next(cursor);
    // A name behind a dot is no keyword: NEW.end.
    if (accept(cursor, ".")) next(cursor);
  }
}
