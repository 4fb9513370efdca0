import { accept, type Cursor } from "../cursor.js";
import { textFrom } from "../token-text.js";
import { readUser } from "../user-name.js";

/** `DEFINER = user`, as written; null when it is not said. @throws Unreadable */
export function readDefiner(cursor: Cursor): string | null {
  if (!accept(cursor, "DEFINER", "=")) return null;
  const start = cursor.index;
  readUser(cursor);
  return textFrom(cursor, start);
}
