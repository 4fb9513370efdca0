import type { Span } from "../../../model/span.js";
import type { Token } from "./library.js";

/** A scanned text, and the way from a tree's locations into it. */
export interface Source {
  readonly text: string;
  /** Without comments, in order. */
  readonly tokens: readonly Token[];
  readonly comments: readonly Token[];
  /** The UTF-16 offset of a location of the tree. */
  at(location: number): number;
}

/** A run of tokens by index, `to` exclusive. */
export interface Run {
  readonly from: number;
  readonly to: number;
}

/** The index of the first token that starts at or behind an offset. */
export function tokenAt(tokens: readonly Token[], offset: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tokens[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The tokens that start within a range of offsets. */
export function runWithin(source: Source, start: number, end: number): Run {
  return { from: tokenAt(source.tokens, start), to: tokenAt(source.tokens, end) };
}

/** From the first token of a run to its last. An empty run has an empty span. */
export function spanOf(source: Source, run: Run): Span {
  const first = source.tokens[run.from];
  const last = source.tokens[run.to - 1];
  if (first === undefined || last === undefined || run.to <= run.from) return { start: 0, end: 0 };
  return { start: first.start, end: last.end };
}

/** A run as it is written, without comments. */
export function textOf(source: Source, run: Run): string {
  const { start, end } = spanOf(source, run);
  let text = "";
  let from = start;
  for (let i = tokenAt(source.comments, start); i < source.comments.length; i++) {
    const comment = source.comments[i];
    if (comment === undefined || comment.start >= end) break;
    text += source.text.slice(from, comment.start).trimEnd();
    from = comment.end;
    // Two tokens that only a comment separated must not grow together.
    if (!/^\s/.test(source.text.slice(from, from + 1))) text += " ";
  }
  return text + source.text.slice(from, end);
}

const OPEN = new Set(["(", "["]);
const CLOSE = new Set([")", "]"]);

/** The index of the bracket that closes the one at `open`, or the run's end. */
export function closingBracket(source: Source, open: number, to: number): number {
  let depth = 0;
  for (let i = open; i < to; i++) {
    const text = source.tokens[i]?.text ?? "";
    if (OPEN.has(text)) depth++;
    else if (CLOSE.has(text) && --depth === 0) return i;
  }
  return to;
}

/** The index of the first token outside brackets for which `test` holds; null when there is none. */
export function findToken(source: Source, run: Run, test: (token: Token) => boolean): number | null {
  for (let i = run.from; i < run.to; i++) {
    const token = source.tokens[i];
    if (token === undefined) return null;
    if (test(token)) return i;
    if (OPEN.has(token.text)) i = closingBracket(source, i, run.to);
    else if (CLOSE.has(token.text)) return null;
  }
  return null;
}

/** The index of a keyword outside brackets. */
export function findKeyword(source: Source, run: Run, ...keywords: readonly string[]): number | null {
  return findToken(source, run, (t) => t.keyword !== null && keywords.includes(t.keyword));
}

/** What stands between the commas of a run that are outside brackets. */
export function splitAtCommas(source: Source, run: Run): Run[] {
  const parts: Run[] = [];
  let from = run.from;
  for (;;) {
    const comma = findToken(source, { from, to: run.to }, (t) => t.text === ",");
    parts.push({ from, to: comma ?? run.to });
    if (comma === null) return parts;
    from = comma + 1;
  }
}

/** What stands inside the first brackets of a run that open outside any others; null when there are none. */
export function bracketed(source: Source, run: Run): Run | null {
  const open = findToken(source, run, (t) => t.text === "(");
  return open === null ? null : { from: open + 1, to: closingBracket(source, open, run.to) };
}

/** The index behind a dotted name that begins at `from`. */
export function behindName(source: Source, from: number): number {
  let i = from + 1;
  while (source.tokens[i]?.text === ".") i += 2;
  return i;
}
