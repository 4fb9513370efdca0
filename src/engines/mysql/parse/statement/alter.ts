import type { Operation } from "../../../../model/operation.js";
import type { Span } from "../../../../model/span.js";
import { readAlterTable } from "../alter/alter-table.js";
import { accept, acceptOneOf, type Cursor, fail, next, peek } from "../cursor.js";
import { other } from "../operations.js";
import { readUser } from "./create.js";
import { readRelationIfNamed } from "./relation.js";

/** What ALTER can change besides tables. */
const OBJECTS: readonly { readonly words: readonly string[]; readonly what: string }[] = [
  { words: ["VIEW"], what: "alter-view" },
  { words: ["SEQUENCE"], what: "alter-sequence" },
  { words: ["EVENT"], what: "alter-event" },
  { words: ["PROCEDURE"], what: "alter-procedure" },
  { words: ["FUNCTION"], what: "alter-function" },
  { words: ["DATABASE"], what: "alter-database" },
  { words: ["SCHEMA"], what: "alter-database" },
  { words: ["USER"], what: "alter-user" },
  { words: ["SERVER"], what: "alter-server" },
  { words: ["INSTANCE"], what: "alter-instance" },
  { words: ["TABLESPACE"], what: "alter-tablespace" },
  { words: ["UNDO", "TABLESPACE"], what: "alter-tablespace" },
  { words: ["LOGFILE", "GROUP"], what: "alter-logfile-group" },
  { words: ["RESOURCE", "GROUP"], what: "alter-resource-group" },
  { words: ["LIBRARY"], what: "alter-library" },
];

/** `ALTER ...`, from behind ALTER on. @throws Unreadable */
export function readAlter(cursor: Cursor, span: Span): readonly Operation[] {
  const start = cursor.index;
  acceptOneOf(cursor, ["ONLINE", "OFFLINE"]);
  accept(cursor, "IGNORE");
  if (accept(cursor, "TABLE")) return readAlterTable(cursor, span);
  cursor.index = start;
  readModifiers(cursor);
  const object = OBJECTS.find(({ words }) => accept(cursor, ...words));
  if (object === undefined) fail(cursor, "what to alter");
  if (peek(cursor).kind === "end") fail(cursor, "a name");
  const named = object.what === "alter-view" || object.what === "alter-sequence";
  return [other(object.what, named ? readRelationIfNamed(cursor) : null, span)];
}

/** Those of a view or an event. */
function readModifiers(cursor: Cursor): void {
  for (;;) {
    if (accept(cursor, "ALGORITHM", "=")) next(cursor);
    else if (accept(cursor, "SQL", "SECURITY")) next(cursor);
    else if (accept(cursor, "DEFINER", "=")) readUser(cursor);
    else return;
  }
}
