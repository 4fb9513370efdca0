import type { Carried, Walk } from "../../../../../model/detail/data.js";
import type { Token } from "../../token.js";
import { wordsIn } from "../../token-text.js";
import { groupsOf, is, isWord, queriesOf, type Tokens } from "./asked.js";

/*
 * What a statement has once, or keeps from row to row, and of which each batch has its own.
 */

/** Words for the moment at which a statement runs; the second ones only where they are called. SYSDATE() is another one in each row anyway. */
const MOMENTS: ReadonlySet<string> = new Set(
  "CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP LOCALTIME LOCALTIMESTAMP UTC_DATE UTC_TIME UTC_TIMESTAMP".split(" "),
);
const CALLED_MOMENTS: ReadonlySet<string> = new Set("CURDATE CURTIME NOW UNIX_TIMESTAMP".split(" "));

export function momentIn(tokens: Tokens): Pick<Walk, "moment"> {
  const found = tokens.find(({ kind, upper }, at) => {
    if (kind !== "word" || tokens[at - 1]?.text === ".") return false;
    if (MOMENTS.has(upper)) return true;
    // UNIX_TIMESTAMP(a) is about a.
    return CALLED_MOMENTS.has(upper) && (upper === "UNIX_TIMESTAMP" ? isBare(tokens, at) : is(tokens[at + 1], "("));
  });
  return found === undefined ? {} : { moment: found.text };
}

/** `f()`, and not a function of somebody's own schema. */
const isBare = (tokens: Tokens, at: number): boolean => isCalled(tokens, at) && is(tokens[at + 2], ")");

const isCalled = (tokens: Tokens, at: number): boolean => is(tokens[at + 1], "(") && !is(tokens[at - 1], ".");

/** What tells of the session that a statement runs in. */
const TELLERS = ["CONNECTION_ID", "PS_CURRENT_THREAD_ID"];

export function tellerIn(tokens: Tokens): Pick<Walk, "teller"> {
  const found = tokens.find((token, at) => isWord(token, TELLERS) && isBare(tokens, at));
  return found === undefined ? {} : { teller: found.text };
}

/** What an earlier statement of the session found. LAST_INSERT_ID(a) gives a. */
const FOUND_BEFORE = ["FOUND_ROWS", "LAST_INSERT_ID", "ROW_COUNT"];

/** The last number that the session took from a sequence (MariaDB): of the same row where that takes one. */
const isLastTaken = (tokens: Tokens, at: number): boolean =>
  (isWord(tokens[at], ["LASTVAL"]) && isCalled(tokens, at)) || isValueFor(tokens, at, "PREVIOUS");

const isTaken = (tokens: Tokens, at: number): boolean =>
  (isWord(tokens[at], ["NEXTVAL"]) && isCalled(tokens, at)) || isValueFor(tokens, at, "NEXT");

const isValueFor = (tokens: Tokens, at: number, which: string): boolean =>
  isWord(tokens[at], [which]) && isWord(tokens[at + 1], ["VALUE"]) && isWord(tokens[at + 2], ["FOR"]);

/** Whether a statement reads or sets a variable, which is its session's, or reads what an earlier one left there. */
export function readsSession(tokens: Tokens): boolean {
  if (tokens.some(({ kind }) => kind === "variable")) return true;
  if (tokens.some((token, at) => isWord(token, FOUND_BEFORE) && isBare(tokens, at))) return true;
  const some = (is: typeof isTaken) => tokens.some((_, at) => is(tokens, at));
  return some(isLastTaken) && !some(isTaken);
}

/** The argument of RAND, which begins a series where it is a constant; null for a call without one. */
function seedOf(tokens: Tokens, at: number): readonly Token[] | null {
  const group = groupsOf(tokens).find(({ from }) => from === at + 2);
  return group === undefined || group.from === group.to ? null : tokens.slice(group.from, group.to);
}

function carriedAt(tokens: Tokens, at: number, inQuery: boolean): readonly Carried[] {
  const token = tokens[at];
  if (token === undefined || !isCalled(tokens, at)) return [];
  // A query counts its own rows.
  if (isWord(token, ["ROWNUM"]) && !inQuery) return [{ name: token.text }];
  const seed = isWord(token, ["RAND"]) ? seedOf(tokens, at) : null;
  if (seed === null) return [];
  const words = seed.some((each) => isWord(each, ["SELECT"])) ? [] : wordsIn(seed);
  return [{ name: `${token.text} with a seed`, unlessOf: words }];
}

/**
 * What carries something over from row to row. What a query does so is told by `askedIn`, but for a seed: the server sets it once in a
 * statement, however often the query is asked.
 *
 * @param own the index of the SELECT of an INSERT; -1 for others
 */
export function carriedIn(tokens: Tokens, own: number): Pick<Walk, "carried"> {
  const queries = queriesOf(tokens, own);
  const found = tokens.flatMap((_, at) =>
    carriedAt(
      tokens,
      at,
      queries.some(({ from, to }) => at >= from && at < to),
    ),
  );
  return found.length === 0 ? {} : { carried: Object.freeze(found) };
}
