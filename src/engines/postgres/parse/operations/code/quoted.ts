import type { Token } from "../../library.js";

/** A string's text, and where its characters stand in the file. */
export interface Quoted {
  readonly text: string;
  /** The offset in the file of one in `text`; null when they do not correspond one to one. */
  readonly at: ((offset: number) => number) | null;
}

/**
 * A string literal of which the tree has the value. Bodies in dollar quotes and plain ones can be pointed into; of those
 * with escapes only the whole is known.
 */
export function quotedText(token: Token, value: string): Quoted {
  const dollar = /^\$[^$]*\$/.exec(token.text)?.[0];
  if (dollar !== undefined) return inDollars(token, value, dollar.length);
  if (!token.text.startsWith("'")) return { text: value, at: null };
  const inside = token.text.slice(1, -1);
  return inside.replaceAll("''", "'") === value
    ? { text: value, at: behindDoubled(inside, token.start + 1) }
    : { text: value, at: null };
}

/** The tree of DO has its body without the white space around it. */
function inDollars(token: Token, value: string, quote: number): Quoted {
  const inside = token.text.slice(quote, -quote);
  const from = inside.indexOf(value);
  if (from < 0) return { text: value, at: null };
  const start = token.start + quote + from;
  return { text: value, at: (offset) => start + offset };
}

function behindDoubled(inside: string, start: number): (offset: number) => number {
  if (!inside.includes("''")) return (offset) => start + offset;
  const map: number[] = [];
  for (let i = 0; i < inside.length; i++) {
    map.push(start + i);
    if (inside.startsWith("''", i)) i++;
  }
  map.push(start + inside.length);
  return (offset) => map[Math.min(offset, map.length - 1)] ?? start;
}
