import { quote } from "./names.js";
import type { MysqlDialect } from "./parse/dialect.js";
import { tokenize } from "./parse/lexer.js";
import type { Token } from "./parse/token.js";

/** What an index's text says, whether it comes from a catalog (CREATE INDEX) or from a table's definition (KEY k (a)). */
export interface IndexParts {
  readonly special: "FULLTEXT" | "SPATIAL" | null;
  /** Key parts as written. */
  readonly parts: readonly IndexPart[];
  /** What stands behind the list: USING, COMMENT, INVISIBLE, ... */
  readonly tail: string;
}

interface IndexPart {
  readonly text: string;
  /** The column, and what is behind its name; null for an expression. */
  readonly column: { readonly name: string; readonly rest: string } | null;
}

/** Positions of the brackets around the key list: the first that opens, and its partner. */
function listOf(tokens: readonly Token[]): { open: number; close: number } | null {
  const open = tokens.findIndex((t) => t.text === "(");
  let depth = 0;
  for (let n = open; n >= 0 && n < tokens.length; n++) {
    const text = tokens[n]?.text;
    if (text === "(") depth++;
    if (text === ")" && --depth === 0) return { open, close: n };
  }
  return null;
}

function split(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.text === "(") depth++;
    if (token.text === ")") depth--;
    if (depth === 0 && token.text === ",") parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

function partOf(tokens: readonly Token[], text: string): IndexPart {
  const [first] = tokens;
  const last = tokens.at(-1);
  if (first === undefined || last === undefined) return { text: "", column: null };
  const whole = text.slice(first.span.start, last.span.end);
  if (first.kind !== "word" && first.kind !== "quoted") return { text: whole, column: null };
  return { text: whole, column: { name: first.value, rest: text.slice(first.span.end, last.span.end) } };
}

/** @returns null when the text has no list of key parts */
export function indexParts(definition: string, dialect: MysqlDialect): IndexParts | null {
  const { tokens } = tokenize(definition, dialect);
  const list = listOf(tokens);
  const open = tokens[list?.open ?? -1];
  const close = tokens[list?.close ?? -1];
  if (list === null || open === undefined || close === undefined) return null;
  const head = new Set(tokens.slice(0, list.open).map((t) => t.upper));
  return {
    special: head.has("FULLTEXT") ? "FULLTEXT" : head.has("SPATIAL") ? "SPATIAL" : null,
    parts: split(tokens.slice(list.open + 1, list.close)).map((part) => partOf(part, definition)),
    tail: definition.slice(close.span.end).trim(),
  };
}

/** The key list with another column in the place of one: `` (`b`(10) DESC, `c`) ``. */
export function partsWith(parts: readonly IndexPart[], from: string, to: string): string {
  const one = (part: IndexPart) =>
    part.column !== null && part.column.name.toLowerCase() === from.toLowerCase()
      ? `${quote(to)}${part.column.rest}`
      : part.text;
  return `(${parts.map(one).join(", ")})`;
}
