import type { Query } from "../../../../model/detail/data.js";
import { accept, type Cursor, expect, fail, looksAt } from "../cursor.js";
import { readNumber } from "../expression/literal.js";
import { readRelation } from "../names.js";

/** `FOR UPDATE OF t SKIP LOCKED`, `LOCK IN SHARE MODE`, one or several. @throws Unreadable */
export function readLocking(cursor: Cursor): Query["locks"] {
  let locks: Query["locks"] = null;
  for (let one = readOne(cursor); one !== null; one = readOne(cursor)) {
    locks = locks === "update" ? locks : one;
    if (cursor.dialect === "mariadb") return locks;
  }
  return locks;
}

function readOne(cursor: Cursor): Query["locks"] {
  if (accept(cursor, "LOCK")) {
    expect(cursor, "IN", "SHARE", "MODE");
    readPatience(cursor);
    return "share";
  }
  if (!looksAt(cursor, "FOR") || looksAt(cursor, "SYSTEM_TIME", 1)) return null;
  cursor.index += 1;
  const mode = accept(cursor, "UPDATE") ? "update" : "share";
  if (mode === "share") {
    if (cursor.dialect === "mariadb") fail(cursor, "UPDATE");
    expect(cursor, "SHARE");
  }
  if (cursor.dialect === "mysql" && accept(cursor, "OF")) readTables(cursor);
  readPatience(cursor);
  return mode;
}

function readTables(cursor: Cursor): void {
  do readRelation(cursor);
  while (accept(cursor, ","));
}

function readPatience(cursor: Cursor): void {
  if (accept(cursor, "NOWAIT")) return;
  if (accept(cursor, "SKIP")) expect(cursor, "LOCKED");
  else if (cursor.dialect === "mariadb" && accept(cursor, "WAIT") && readNumber(cursor) === null) {
    fail(cursor, "seconds to wait");
  }
}
