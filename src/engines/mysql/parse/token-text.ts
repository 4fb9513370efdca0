import type { Cursor } from "./cursor.js";
import type { Token } from "./token.js";

/** The text that tokens were written as, without comments: where one stood is a space. */
export function tokenText(text: string, tokens: readonly Token[]): string {
  let out = "";
  let last: Token | null = null;
  for (const token of tokens) {
    if (last !== null) out += gap(text.slice(last.span.end, token.span.start));
    out += token.text;
    last = token;
  }
  return out;
}

/** What was read from the token at index `start` on, as written without comments. */
export function textFrom(cursor: Cursor, start: number): string {
  return textBetween(cursor, start, cursor.index);
}

/** The tokens from index `start` up to, not including, index `end`, as written without comments. */
export function textBetween(cursor: Cursor, start: number, end: number): string {
  return tokenText(cursor.text, cursor.tokens.slice(start, end));
}

/** Words that may be names, each once: superset of those that are. */
export function wordsIn(tokens: readonly Token[]): readonly string[] {
  const names = tokens.filter(({ kind }) => kind === "word" || kind === "quoted").map(({ value }) => value);
  return Object.freeze([...new Set(names)]);
}

/** Anything but white space between two tokens is a comment, or the marker of an executable one. */
function gap(between: string): string {
  return between.trim() === "" ? between : " ";
}
