import { accept, type Cursor, expect, fail, next, peek } from "./cursor.js";
import { isReserved } from "./reserved.js";

const SELF: ReadonlySet<string> = new Set(["CURRENT_USER", "CURRENT_ROLE", "SESSION_USER"]);

/** `'app'@'%'`, `root@localhost`, `CURRENT_USER()`, a role. @throws Unreadable */
export function readUser(cursor: Cursor): void {
  const { kind, upper } = peek(cursor);
  const named = kind === "quoted" || kind === "string" || (kind === "word" && (!isReserved(upper) || SELF.has(upper)));
  if (!named) fail(cursor, "a user");
  next(cursor);
  if (SELF.has(upper)) {
    if (accept(cursor, "(")) expect(cursor, ")");
  } else if (peek(cursor).kind === "variable") next(cursor);
}
