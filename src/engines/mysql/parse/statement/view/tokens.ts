import type { Token } from "../../token.js";

export type Tokens = readonly Token[];

/** The keyword or operator at a place, in upper case; empty for names behind a dot, and for what is neither. */
export function wordAt(tokens: Tokens, at: number): string {
  const token = tokens[at];
  if (token === undefined || tokens[at - 1]?.text === ".") return "";
  return token.kind === "word" ? token.upper : token.kind === "operator" ? token.text : "";
}

/** How deep each token stands in brackets, and in CASE ... END: what opens and closes one stands inside of it. */
export function depthsOf(tokens: Tokens): readonly number[] {
  let depth = 0;
  let cases = 0;
  return tokens.map((_, at) => {
    const word = wordAt(tokens, at);
    if (word === "(" || word === "CASE") depth++;
    if (word === "CASE") cases++;
    const here = depth;
    if (word === ")" || (word === "END" && cases > 0)) depth--;
    if (word === "END" && cases > 0) cases--;
    return here;
  });
}

/** One part of a run of tokens, and the word that it begins with; empty for the first one. */
export interface Section {
  readonly head: string;
  readonly tokens: Tokens;
}

/** Cuts a run at words outside of all brackets. @param isHead whether a part begins at this place; it is not a part of it */
export function sectionsOf(tokens: Tokens, isHead: (word: string, at: number) => boolean): readonly Section[] {
  const depths = depthsOf(tokens);
  const heads = tokens.flatMap((_, at) => (depths[at] === 0 && isHead(wordAt(tokens, at), at) ? [at] : []));
  const ends = [...heads, tokens.length];
  const first = { head: "", tokens: tokens.slice(0, ends[0]) };
  return [first, ...heads.map((at, n) => ({ head: wordAt(tokens, at), tokens: tokens.slice(at + 1, ends[n + 1]) }))];
}

/** What stands between commas. */
export const listed = (tokens: Tokens): readonly Tokens[] =>
  sectionsOf(tokens, (word) => word === ",").map((section) => section.tokens);

/** Where the bracket is closed that is opened at a place; the end where it is not. */
export function closing(tokens: Tokens, from: number): number {
  let depth = 0;
  const end = tokens.findIndex((_, at) => {
    const word = at < from ? "" : wordAt(tokens, at);
    depth += word === "(" ? 1 : word === ")" ? -1 : 0;
    return word === ")" && depth === 0;
  });
  return end < 0 ? tokens.length : end;
}

/** Without the brackets around all of it. */
export function unwrapped(tokens: Tokens): Tokens {
  const depths = depthsOf(tokens);
  const whole = wordAt(tokens, 0) === "(" && wordAt(tokens, tokens.length - 1) === ")";
  const last = tokens.length - 1;
  const closes = depths.findIndex((depth, at) => depth === 1 && wordAt(tokens, at) === ")");
  return whole && closes === last ? unwrapped(tokens.slice(1, -1)) : tokens;
}

/** Without the queries that stand in brackets. */
export function ownTokens(tokens: Tokens): Tokens {
  const depths = depthsOf(tokens);
  let inside = Number.POSITIVE_INFINITY;
  return tokens.filter((_, at) => {
    const depth = depths[at] ?? 0;
    if (depth < inside) inside = Number.POSITIVE_INFINITY;
    if (wordAt(tokens, at) === "SELECT" && depth > 0) inside = Math.min(inside, depth);
    return depth < inside;
  });
}
