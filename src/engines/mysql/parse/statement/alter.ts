import type { Operation } from "../../../../model/operation.js";
import type { Span } from "../../../../model/span.js";
import { readAlterTable } from "../alter/alter-table.js";
import { accept, acceptOneOf, type Cursor, fail, peek } from "../cursor.js";
import { other } from "../operations.js";
import { readAlterEvent } from "./event.js";
import { readPhrase } from "./phrases/read.js";
import { readRelationIfNamed } from "./relation.js";
import { readView } from "./view.js";

/** The beginnings of what ALTER can change besides tables, for those whose rest is not understood. */
const OBJECTS: readonly { readonly words: readonly string[]; readonly what: string }[] = [
  { words: ["SEQUENCE"], what: "alter-sequence" },
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
  readTableModifiers(cursor);
  if (accept(cursor, "TABLE")) return readAlterTable(cursor, span);
  if (cursor.index > start) fail(cursor, "TABLE");
  return [readView(cursor, span, "alter") ?? readAlterEvent(cursor, span) ?? readObject(cursor, span)];
}

/** MariaDB's `ONLINE` and `IGNORE`. */
function readTableModifiers(cursor: Cursor): void {
  if (cursor.dialect === "mysql") return;
  let word = acceptOneOf(cursor, ["ONLINE", "IGNORE"]);
  for (; word !== null; word = acceptOneOf(cursor, ["ONLINE", "IGNORE"])) {
    if (word === "ONLINE") cursor.execution.online = true;
    else cursor.execution.ignore = true;
  }
}

function readObject(cursor: Cursor, span: Span): Operation {
  cursor.index -= 1;
  const understood = readPhrase(cursor, span);
  if (understood !== null) return understood;
  cursor.index += 1;
  const object = OBJECTS.find(({ words }) => accept(cursor, ...words));
  if (object === undefined) fail(cursor, "what to alter");
  if (peek(cursor).kind === "end") fail(cursor, "a name");
  const relation = object.what === "alter-sequence" ? readRelationIfNamed(cursor) : null;
  cursor.index = cursor.tokens.length;
  return other(object.what, relation, span);
}
