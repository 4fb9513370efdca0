import type { Operation } from "../../../../model/operation.js";
import type { Span } from "../../../../model/span.js";
import { type Cursor, looksAt, next, peek, refuse, sees } from "../cursor.js";
import { other } from "../operations.js";
import { softly } from "../softly.js";
import { readAlter } from "./alter.js";
import { readCode } from "./body/body.js";
import { readCreate } from "./create.js";
import { readDelete } from "./dml/delete.js";
import { readInsert } from "./dml/insert.js";
import { readLoad } from "./dml/load.js";
import { readQuery, readWithStatement } from "./dml/query.js";
import { readUpdate } from "./dml/update.js";
import { readDo } from "./do.js";
import { readDrop } from "./drop.js";
import { readAnalyze, readExplain } from "./explain.js";
import { readMaintenance } from "./maintenance.js";
import { readOther } from "./other.js";
import { readRename } from "./rename.js";
import { readSet, readUse } from "./set.js";
import { readTruncate } from "./truncate.js";

type Reader = (cursor: Cursor, span: Span) => readonly Operation[];

/** By the first word, which is behind the cursor when the reader is called. */
const READERS: Readonly<Record<string, Reader>> = Object.freeze({
  ALTER: readAlter,
  ANALYZE: readAnalyze,
  CHECK: (cursor, span) => readMaintenance(cursor, span, "check"),
  CHECKSUM: (cursor, span) => readMaintenance(cursor, span, "checksum"),
  CREATE: readCreate,
  DELETE: readDelete,
  DESC: readExplain,
  DESCRIBE: readExplain,
  DO: readDo,
  DROP: readDrop,
  EXPLAIN: readExplain,
  INSERT: (cursor, span) => readInsert(cursor, span, "insert"),
  LOAD: (cursor, span) => (looksAt(cursor, "INDEX") ? readOther(back(cursor), span) : readLoad(cursor, span)),
  OPTIMIZE: (cursor, span) => readMaintenance(cursor, span, "optimize"),
  RENAME: readRename,
  REPAIR: (cursor, span) => readMaintenance(cursor, span, "repair"),
  REPLACE: (cursor, span) => readInsert(cursor, span, "replace"),
  SELECT: (cursor, span) => readQuery(back(cursor), span),
  SET: readSet,
  TABLE: (cursor, span) => readQuery(back(cursor), span),
  TRUNCATE: readTruncate,
  UPDATE: readUpdate,
  USE: readUse,
  VALUES: (cursor, span) => readQuery(back(cursor), span),
  WITH: (cursor, span) => readWithStatement(back(cursor), span),
});

/** For readers that begin at the first word. */
function back(cursor: Cursor): Cursor {
  cursor.index -= 1;
  return cursor;
}

/** The operations of one statement, at least one. @throws Unreadable */
export function readStatement(cursor: Cursor, span: Span): readonly Operation[] {
  expectBalance(cursor);
  if (seesCompound(cursor)) {
    const code = softly(cursor, readCode);
    return [
      other("compound", null, span, code === null ? null : { kind: "opaque", how: "compound", name: null, code }),
    ];
  }
  if (looksAt(cursor, "(")) return readQuery(cursor, span);
  const { upper } = peek(cursor);
  const reader = Object.hasOwn(READERS, upper) ? READERS[upper] : undefined;
  if (reader === undefined) return readOther(cursor, span);
  next(cursor);
  return reader(cursor, span);
}

/** A body without a routine around it, which only MariaDB runs. */
export function seesCompound(cursor: Cursor): boolean {
  if (cursor.dialect !== "mariadb") return false;
  const { kind } = peek(cursor);
  if ((kind === "word" || kind === "quoted") && looksAt(cursor, ":", 1)) return true;
  if (sees(cursor, "BEGIN", "NOT", "ATOMIC")) return true;
  return ["IF", "CASE", "LOOP", "REPEAT", "WHILE", "FOR"].some((word) => looksAt(cursor, word));
}

function expectBalance(cursor: Cursor): void {
  const open: number[] = [];
  cursor.tokens.forEach(({ kind, text }, at) => {
    if (kind !== "operator") return;
    if (text === "(") open.push(at);
    else if (text === ")" && open.pop() === undefined) {
      refuse({ ...cursor, index: at + 1 }, at, "Nothing is open that this parenthesis closes.");
    }
  });
  const last = open.at(-1);
  if (last !== undefined) refuse({ ...cursor, index: last + 1 }, last, "The parenthesis is not closed.");
}
