import { isCharacterSetIntroducer } from "../character-sets.js";
import { accept, acceptOneOf, type Cursor, looksAt, next, peek } from "../cursor.js";
import type { Token } from "../token.js";

const TIMES: readonly string[] = ["DATE", "TIME", "TIMESTAMP"];
const CONSTANTS = ["NULL", "TRUE", "FALSE"] as const;

/** A constant, number or string, with its introducer: `_utf8mb4'x'`, `DATE '2020-01-01'`, `_binary 0x01`. */
export function readLiteral(cursor: Cursor): boolean {
  // MariaDB's \N is not read: no dump has it.
  if (acceptOneOf(cursor, CONSTANTS) !== null) return true;
  const introduced = introduces(peek(cursor), peek(cursor, 1)) ? 1 : 0;
  const { kind } = peek(cursor, introduced);
  if (kind !== "string" && kind !== "number") return false;
  const timed = introduced > 0 && TIMES.includes(peek(cursor).upper);
  cursor.index += introduced + 1;
  // Adjacent strings are one string.
  while (!timed && kind === "string" && /^['"]/.test(peek(cursor).text) && peek(cursor).kind === "string") next(cursor);
  return true;
}

/** Whether a token is what introduces a literal and no name: a character set, or the name of a type of time. */
function introduces(token: Token, after: Token): boolean {
  if (token.kind !== "word") return false;
  if (TIMES.includes(token.upper)) return after.kind === "string" && !after.text.startsWith("n");
  return isCharacterSetIntroducer(token.upper) && (after.kind === "string" || /^(0[xb]|[xb]')/i.test(after.text));
}

/** `-5`, `+1.5`: a number with its sign. False when none stands there. */
export function readSignedNumber(cursor: Cursor): boolean {
  const signed = looksAt(cursor, "-") || looksAt(cursor, "+") ? 1 : 0;
  if (peek(cursor, signed).kind !== "number") return false;
  cursor.index += signed + 1;
  return true;
}

/** A whole number without a sign; null when none stands there. */
export function readNumber(cursor: Cursor): number | null {
  const token = peek(cursor);
  if (token.kind !== "number" || !/^\d+$/.test(token.text)) return null;
  next(cursor);
  return Number(token.text);
}

/** `ON` or `OFF`, and the like: moves over one word if it is among them. */
export function acceptWord(cursor: Cursor, ...words: readonly string[]): boolean {
  return words.some((word) => accept(cursor, word));
}
