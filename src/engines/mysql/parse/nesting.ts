import { type Cursor, fail } from "./cursor.js";

/** Readers call themselves: deeper than this the stack would be at risk, and no server is asked such a thing. */
const DEEPEST = 300;

/** Reads what may hold the like of itself. @throws Unreadable where it is nested too deeply */
export function nested<T>(cursor: Cursor, read: (cursor: Cursor) => T): T {
  if (cursor.depth >= DEEPEST) fail(cursor, `at most ${DEEPEST} levels of parentheses`);
  cursor.depth += 1;
  try {
    return read(cursor);
  } finally {
    cursor.depth -= 1;
  }
}
