import { type Cursor, expectEnd, Unreadable } from "./cursor.js";

/**
 * What a reader makes of the rest of a statement; null when it does not understand it to its end. The statement is at
 * its end then, and known by its first words only. @throws Unreadable when it ends too early
 */
export function softly<T>(cursor: Cursor, read: (cursor: Cursor) => T): T | null {
  const { depth } = cursor;
  try {
    const result = read(cursor);
    expectEnd(cursor);
    return result;
  } catch (error) {
    // What ends too early is no SQL, however little of it is understood.
    if (!(error instanceof Unreadable) || error.span.start === cursor.end.span.start) throw error;
    cursor.misread = Object.freeze({ message: error.message, span: error.span });
    cursor.depth = depth;
    cursor.index = cursor.tokens.length;
    return null;
  }
}
