import type { Cursor } from "../cursor.js";
import { PURE } from "./pure-functions.js";

/**
 * Whether what begins at this token may change something: it calls a function that is not known to do nothing but
 * compute (one of the database's own may do anything, GET_LOCK takes a lock), or sets a global variable.
 */
export function hasSideEffects(cursor: Cursor, start: number): boolean {
  return cursor.tokens.some((token, at) => {
    if (at < start || cursor.tokens[at + 1]?.text !== "(") return false;
    if (token.kind === "quoted") return calls(cursor, at);
    return token.kind === "word" && calls(cursor, at) && !PURE.has(token.upper);
  });
}

/** Names in front of a parenthesis that are no calls: `INSERT INTO t (a)`, `USING (a)`, `FROM (SELECT ...)`. */
function calls(cursor: Cursor, at: number): boolean {
  const before = cursor.tokens[at - 1]?.upper ?? "";
  const named = ["AS", "INTO", "WITH", "RECURSIVE", "WINDOW", "INDEX", "KEY", "PARTITION"].includes(before);
  return !named && cursor.tokens[at - 1]?.text !== ")";
}
