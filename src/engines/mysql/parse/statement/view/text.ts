import { isReserved } from "../../reserved.js";
import { ownTokens, type Tokens, wordAt } from "./tokens.js";

/** What the names in front of columns mean. */
export interface Scope {
  /** The table of an alias, both in lower case. */
  readonly tables: ReadonlyMap<string, string>;
  /** The only table, in lower case; null where a column without a table may be of several. */
  readonly only: string | null;
}

/**
 * An expression in a form that only depends on what it means: without spaces, case, quotes and aliases of tables, and without
 * brackets but those of calls and lists, which SHOW CREATE VIEW writes around everything.
 */
export function normalText(all: Tokens, scope: Scope): string {
  const tokens = withoutGroups(all);
  const words: string[] = [];
  const own: ReadonlySet<unknown> = new Set(ownTokens(tokens));
  const inside = { ...scope, only: null };
  for (let at = 0; at < tokens.length; ) {
    const written = namesAt(tokens, at);
    // A table of a query inside: SHOW CREATE VIEW writes its database in front.
    const names = /^(?:FROM|JOIN)$/.test(wordAt(tokens, at - 1)) ? written.slice(-1) : written;
    words.push(names.length === 0 ? wordText(tokens, at) : columnText(names, own.has(tokens[at]) ? scope : inside));
    at += Math.max(1, written.length * 2 - 1);
  }
  return words
    .join(" ")
    .replace(/^- (?=\d)/, "-")
    .replaceAll("count ( * )", "count ( 0 )")
    .replace(/^((?:not )?exists .*) limit 1 \)$/, "$1 )");
}

function withoutGroups(tokens: Tokens): Tokens {
  const open: boolean[] = [];
  return tokens.filter((_, at) => {
    const word = wordAt(tokens, at);
    if (word === ")") return open.pop() !== true;
    if (word !== "(") return true;
    const before = tokens[at - 1];
    const isCall = before?.kind === "word" && !isReserved(before.upper);
    open.push(!isCall && tokens[at + 1]?.upper !== "SELECT");
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
