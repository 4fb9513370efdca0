import type { Setting } from "../../../../model/detail/session.js";
import type { Cursor } from "../cursor.js";
import { pattern } from "../pattern/compile.js";
import { matchAll, wordsOf } from "../pattern/match.js";

const TRANSACTION =
  "[{GLOBAL|SESSION|LOCAL}=scope] TRANSACTION {{ISOLATION LEVEL {READ UNCOMMITTED|READ COMMITTED|REPEATABLE READ|SERIALIZABLE}|READ ONLY|READ WRITE}=characteristic}...";

/** `[GLOBAL | SESSION] TRANSACTION ISOLATION LEVEL ..., READ ONLY`, behind SET; null when it is something else. */
export function readSetTransaction(cursor: Cursor): readonly Setting[] | null {
  const captured = matchAll(cursor, pattern(TRANSACTION));
  if (captured === null) return null;
  const said = wordsOf(captured, "scope")[0] ?? null;
  // Without a word it holds for the next transaction only.
  const scope = said === null ? "transaction" : said === "GLOBAL" ? "global" : "session";
  return wordsOf(captured, "characteristic").map((text) => Object.freeze(settingOf(text, scope)));
}

function settingOf(text: string, scope: Setting["scope"]): Setting {
  const level = /^ISOLATION LEVEL (.*)$/.exec(text)?.[1];
  if (level !== undefined) return { scope, name: "transaction_isolation", value: level.replace(" ", "-") };
  return { scope, name: "transaction_read_only", value: text.endsWith("ONLY") ? "ON" : "OFF" };
}
