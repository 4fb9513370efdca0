import type { RelationName } from "../../../../model/name.js";
import type { Span } from "../../../../model/span.js";
import { accept, atEnd, type Cursor, spanFrom } from "../cursor.js";
import { textFrom } from "../token-text.js";
import { readAtom } from "./atom.js";
import type { Pattern } from "./pattern.js";

/** What a pattern has kept, in the order of the text. */
export interface Captured {
  readonly key: string;
  /** A name or string without its quotes; of anything else the text as written. */
  readonly text: string;
  /** Of `<relation>` only. */
  readonly relation: RelationName | null;
  readonly span: Span;
}

/** Moves over what the pattern describes, up to the end of the statement. Null, with the cursor where it was, if not. */
export function matchAll(cursor: Cursor, pattern: Pattern): readonly Captured[] | null {
  const start = cursor.index;
  const captured: Captured[] = [];
  if (matches(cursor, pattern, captured) && atEnd(cursor)) return captured;
  cursor.index = start;
  return null;
}

/** The same, up to wherever the pattern ends. */
export function matchStart(cursor: Cursor, pattern: Pattern): readonly Captured[] | null {
  const captured: Captured[] = [];
  return matches(cursor, pattern, captured) ? captured : null;
}

/** The first of several kept under a key. */
export function firstOf(captured: readonly Captured[], key: string): Captured | null {
  return captured.find((each) => each.key === key) ?? null;
}

/** All texts that were kept under a key. */
export function textsOf(captured: readonly Captured[], key: string): readonly string[] {
  return Object.freeze(captured.filter((each) => each.key === key).map(({ text }) => text));
}

/** All keywords that were kept under a key, in upper case and with single spaces. */
export function wordsOf(captured: readonly Captured[], key: string): readonly string[] {
  return Object.freeze(textsOf(captured, key).map((text) => text.toUpperCase().replaceAll(/\s+/g, " ")));
}

/** What does not match leaves the cursor and what is kept as they were. */
function matches(cursor: Cursor, pattern: Pattern, captured: Captured[]): boolean {
  const { index } = cursor;
  const { length } = captured;
  if (matchesOne(cursor, pattern, captured)) return true;
  cursor.index = index;
  captured.length = length;
  return false;
}

function matchesOne(cursor: Cursor, pattern: Pattern, captured: Captured[]): boolean {
  switch (pattern.kind) {
    case "word":
      return accept(cursor, pattern.word);
    case "atom":
      return readAtom(cursor, pattern.atom, pattern.capture, captured);
    case "sequence":
      return pattern.parts.every((part) => matches(cursor, part, captured));
    case "choice":
      return matchesChoice(cursor, pattern, captured);
    case "optional":
      return matches(cursor, pattern.part, captured) || true;
    case "list":
      return matchesList(cursor, pattern.part, captured);
    case "repeat":
      while (moves(cursor, pattern.part, captured));
      return true;
  }
}

/** The first that fits: the longer one must stand first. */
function matchesChoice(cursor: Cursor, choice: Extract<Pattern, { kind: "choice" }>, captured: Captured[]): boolean {
  const start = cursor.index;
  if (!choice.options.some((option) => matches(cursor, option, captured))) return false;
  if (choice.capture !== null) {
    const text = textFrom(cursor, start);
    captured.push({ key: choice.capture, text, relation: null, span: spanFrom(cursor, start) });
  }
  return true;
}

function matchesList(cursor: Cursor, part: Pattern, captured: Captured[]): boolean {
  do if (!matches(cursor, part, captured)) return false;
  while (accept(cursor, ","));
  return true;
}

function moves(cursor: Cursor, part: Pattern, captured: Captured[]): boolean {
  const start = cursor.index;
  return matches(cursor, part, captured) && cursor.index > start;
}
