import type { ViewQuery } from "../../../../../model/detail/view-shape.js";
import { shapeText } from "../../../../view-sets.js";
import { isReserved } from "../../reserved.js";
import { closing, type Tokens, wordAt } from "./tokens.js";

/** What WITH names, in lower case; null for what is not told. */
export type Queries = ReadonlyMap<string, ViewQuery | null>;

/** What the names in front of columns mean. */
export interface Scope {
  /** The table of an alias, both in lower case. */
  readonly tables: ReadonlyMap<string, string>;
  /** The only table, in lower case; null where a column without a table may be of several. */
  readonly only: string | null;
  readonly queries: Queries;
  /** How many queries are around. */
  readonly depth: number;
  /** Reads a query that stands in an expression, or in FROM. */
  readonly inside: (query: Tokens, scope: Scope) => ViewQuery | null;
}

/** The scope of a query that stands in an expression. */
export const deeper = (scope: Scope): Scope => ({ ...scope, only: null, depth: scope.depth + 1 });

/**
 * An expression in a form that only depends on what it means: without spaces, case, quotes and aliases of tables, and without
 * brackets but those of calls and lists, which SHOW CREATE VIEW writes around everything.
 */
export function normalText(all: Tokens, scope: Scope): string {
  const tokens = withoutGroups(all);
  const words: string[] = [];
  for (let at = 0; at < tokens.length; ) {
    const end = isQuery(tokens, at) ? closing(tokens, at) : 0;
    const query = end === 0 ? null : scope.inside(tokens.slice(at + 1, end), deeper(scope));
    const names = query === null ? namesAt(tokens, at) : [];
    if (query !== null) words.push(shapeText(query.shape));
    else words.push(names.length === 0 ? wordText(tokens, at) : columnText(names, scope));
    at = query === null ? at + Math.max(1, names.length * 2 - 1) : end + 1;
  }
  return words
    .join(" ")
    .replace(/^- (?=\d)/, "-")
    .replaceAll("count ( * )", "count ( 0 )");
}

/** Whether a bracket is around a query. */
export const isQuery = (tokens: Tokens, at: number): boolean =>
  wordAt(tokens, at) === "(" && /^(?:SELECT|WITH|VALUES|TABLE)$/.test(tokens[at + 1]?.upper ?? "");

function withoutGroups(tokens: Tokens): Tokens {
  const open: boolean[] = [];
  let queryEnd = -1;
  return tokens.filter((_, at) => {
    if (at <= queryEnd) return true;
    const word = wordAt(tokens, at);
    if (word === ")") return open.pop() !== true;
    if (word !== "(") return true;
    if (isQuery(tokens, at)) {
      queryEnd = closing(tokens, at);
      return true;
    }
    const before = tokens[at - 1];
    open.push(before?.kind !== "word" || isReserved(before.upper));
    return open.at(-1) !== true;
  });
}

/** `a`, `t.a`, `t.*`: the parts of the name that begins at a place; none where none does. */
function namesAt(tokens: Tokens, from: number): readonly string[] {
  const names: string[] = [];
  for (let at = from; isName(tokens, at) || (at > from && tokens[at]?.text === "*"); at += 2) {
    names.push(tokens[at]?.value.toLowerCase() ?? "");
    if (tokens[at + 1]?.text !== ".") break;
  }
  return names;
}

export function isName(tokens: Tokens, at: number): boolean {
  const token = tokens[at];
  if (token?.kind === "quoted" || (token?.kind === "word" && tokens[at - 1]?.text === ".")) return true;
  return token?.kind === "word" && !isReserved(token.upper) && tokens[at + 1]?.text !== "(";
}

function columnText(names: readonly string[], { tables, only }: Scope): string {
  const table = names.at(-2);
  return `${table === undefined ? (only ?? "?") : (tables.get(table) ?? table)}→${names.at(-1) ?? ""}`;
}

function wordText(tokens: Tokens, at: number): string {
  const token = tokens[at];
  if (token?.kind === "string") return JSON.stringify(token.value);
  const word = wordAt(tokens, at);
  if (word === "MOD") return "%";
  return word === "!=" ? "<>" : (token?.text.toLowerCase() ?? "");
}
