import { accept, acceptOneOf, type Cursor, expect, fail, looksAt } from "../cursor.js";
import { readIdentifier } from "../names.js";

/** `USE INDEX FOR JOIN (a), IGNORE KEY (b, PRIMARY)`. @throws Unreadable */
export function readHints(cursor: Cursor): void {
  while (seesHint(cursor)) {
    const empty = looksAt(cursor, "USE");
    cursor.index += 2;
    if (accept(cursor, "FOR")) readPurpose(cursor);
    expect(cursor, "(");
    if (!(empty && looksAt(cursor, ")"))) readNames(cursor);
    expect(cursor, ")");
  }
}

function seesHint(cursor: Cursor): boolean {
  const verb = ["USE", "FORCE", "IGNORE"].some((word) => looksAt(cursor, word));
  return verb && (looksAt(cursor, "INDEX", 1) || looksAt(cursor, "KEY", 1));
}

function readPurpose(cursor: Cursor): void {
  if (accept(cursor, "JOIN") || accept(cursor, "ORDER", "BY") || accept(cursor, "GROUP", "BY")) return;
  fail(cursor, "JOIN, ORDER BY or GROUP BY");
}

function readNames(cursor: Cursor): void {
  do {
    if (acceptOneOf(cursor, ["PRIMARY"]) === null) readIdentifier(cursor, "the name of an index");
  } while (accept(cursor, ","));
}
