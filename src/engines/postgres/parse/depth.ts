import type { Token } from "./library.js";

/**
 * How deep a tree may get. libpg-query's printer is recursive and overflows the stack from about 2,500 nested
 * subqueries or 9,600 chained operators on, after which its memory is damaged and every later answer with it: so it must
 * never be tried. depth.test.ts pins that this limit is on the safe side.
 */
export const DEPTH_LIMIT = 2000;

/** What stands between the elements of a list, which is flat however long it is. */
const SEPARATORS: ReadonlySet<string> = new Set([",", "AND", "OR", "WHEN", "THEN", "ELSE"]);
/** Each makes a tree of what stands in front of it and behind it: what is in the one does not nest in the other. */
const SETS: ReadonlySet<string> = new Set(["UNION", "INTERSECT", "EXCEPT"]);
const OPENING: ReadonlySet<string> = new Set(["(", "[", "CASE"]);
const CLOSING: ReadonlySet<string> = new Set([")", "]", "END"]);

/** One open bracket: how many set operations are in it, the weight of the element at hand, its deepest child, and the deepest element before it. */
interface Level {
  sets: number;
  weight: number;
  child: number;
  deepest: number;
}

/**
 * For each statement that may be nested deeper than the limit, the token at which it is. The depth is estimated from
 * above: each operator and keyword of an element counts one, and so does each bracket around it.
 */
export function deepTokens(tokens: readonly Token[]): Token[] {
  const found: Token[] = [];
  let levels = [level()];
  let reported = false;
  for (const token of tokens) {
    const word = token.keyword ?? token.text;
    if (word === ";") {
      levels = [level()];
      reported = false;
    } else if (!reported && step(levels, word, token)) {
      found.push(token);
      reported = true;
    }
  }
  return found;
}

function level(): Level {
  return { sets: 0, weight: 0, child: 0, deepest: 0 };
}

/** Takes one token into account. True when the limit is passed. */
function step(levels: Level[], word: string, token: Token): boolean {
  if (OPENING.has(word)) levels.push(level());
  else if (CLOSING.has(word)) close(levels);
  else if (SEPARATORS.has(word)) separate(levels);
  else if (SETS.has(word)) separate(levels, 1);
  else if (isOperator(token)) weigh(levels);
  const top = levels.at(-1);
  return levels.length + depthOf(top) > DEPTH_LIMIT;
}

function depthOf(at: Level | undefined): number {
  return at === undefined ? 0 : at.sets + deepestIn(at);
}

const deepestIn = ({ deepest, weight, child }: Level): number => Math.max(deepest, weight + child);

function close(levels: Level[]): void {
  if (levels.length < 2) return;
  const closed = depthOf(levels.pop()) + 1;
  const top = levels.at(-1);
  if (top !== undefined) top.child = Math.max(top.child, closed);
}

function separate(levels: Level[], sets = 0): void {
  const top = levels.at(-1);
  if (top === undefined) return;
  top.deepest = deepestIn(top);
  top.sets += sets;
  top.weight = 0;
  top.child = 0;
}

function weigh(levels: Level[]): void {
  const top = levels.at(-1);
  if (top !== undefined) top.weight++;
}

/** Names, numbers and strings are leaves; so is the dot between names. */
function isOperator(token: Token): boolean {
  if (token.keyword !== null) return true;
  return token.text !== "." && !/^["'$\w\u0080-\uffff]/.test(token.text);
}

/** What is said of such a statement. */
export const TOO_DEEP = "the statement is nested too deeply to be parsed";
