import type { IndexKey } from "../../../model/operation.js";
import { skipBrackets } from "./brackets.js";
import { accept, acceptOneOf, type Cursor, expect, fail, looksAt, next, peek } from "./cursor.js";
import { readIdentifier, seesIdentifier } from "./names.js";
import { readOptionValue } from "./option-value.js";
import type { Token } from "./token.js";
import { textBetween, textFrom } from "./token-text.js";

/** What ALTER TABLE ... ADD INDEX, CREATE INDEX and CREATE TABLE say of an index, from its name on. */
export interface IndexDefinition {
  readonly name: string | null;
  readonly keys: readonly IndexKey[];
  /** `fulltext`, `spatial`, `vector`, `btree`, ...; null when not said. */
  readonly method: string | null;
  /** What may stand behind the table's name in CREATE INDEX: `(a, b) USING BTREE COMMENT 'x'`. */
  readonly definition: string;
  /** The tokens of its key parts that are expressions. */
  readonly expressions: readonly (readonly Token[])[];
}

const METHODS = ["BTREE", "HASH", "RTREE"] as const;

/** `FULLTEXT`, `SPATIAL`, `VECTOR`: a kind of index that has no USING. Null when none of them stands there. */
export function readSpecialIndex(cursor: Cursor): string | null {
  const vector = looksAt(cursor, "VECTOR") && (looksAt(cursor, "INDEX", 1) || looksAt(cursor, "KEY", 1));
  return acceptOneOf(cursor, ["FULLTEXT", "SPATIAL", ...(vector ? ["VECTOR"] : [])]);
}

/** `name USING BTREE (a, b) COMMENT 'x'`, whose name may be missing. @throws Unreadable */
export function readIndexDefinition(cursor: Cursor, special: string | null): IndexDefinition {
  const name = seesIdentifier(cursor) && !seesMethod(cursor) ? readIdentifier(cursor, "the name of an index") : null;
  return readIndexBody(cursor, name, special, readMethod(cursor));
}

/** The key parts and options. `method` is what USING said before them. @throws Unreadable */
export function readIndexBody(
  cursor: Cursor,
  name: string | null,
  special: string | null,
  method: string | null,
): IndexDefinition {
  const start = cursor.index;
  const { keys, expressions } = readKeys(cursor);
  const parts = [textFrom(cursor, start), ...(method === null ? [] : [`USING ${method}`])];
  let said = method;
  for (let option = readOption(cursor); option !== null; option = readOption(cursor)) {
    said = option.method ?? said;
    if (option.text !== "") parts.push(option.text);
  }
  const chosen = special ?? said;
  return { name, keys, method: chosen?.toLowerCase() ?? null, definition: parts.join(" "), expressions };
}

/** `TYPE` may also be a name: it is a keyword only in front of a method. */
function seesMethod(cursor: Cursor): boolean {
  const keyword = looksAt(cursor, "USING") || looksAt(cursor, "TYPE");
  return keyword && METHODS.some((method) => looksAt(cursor, method, 1));
}

/** `USING BTREE`, if it stands there. */
export function readMethod(cursor: Cursor): string | null {
  if (!seesMethod(cursor)) return null;
  cursor.index += 1;
  return next(cursor).upper;
}

function readKeys(cursor: Cursor): Pick<IndexDefinition, "keys" | "expressions"> {
  expect(cursor, "(");
  const keys: IndexKey[] = [];
  const expressions: (readonly Token[])[] = [];
  do {
    const start = cursor.index;
    const key = readKey(cursor);
    if (key.column === null) expressions.push(cursor.tokens.slice(start, cursor.index));
    keys.push(key);
  } while (accept(cursor, ","));
  expect(cursor, ")");
  return { keys: Object.freeze(keys), expressions };
}

function readKey(cursor: Cursor): IndexKey {
  const start = cursor.index;
  const functional = cursor.dialect === "mysql" && looksAt(cursor, "(");
  const column = functional ? null : readIdentifier(cursor, "the name of a column");
  if (column === null) skipBrackets(cursor, "an expression");
  else if (looksAt(cursor, "(")) skipBrackets(cursor, "a length");
  if (acceptOneOf(cursor, ["ASC", "DESC"]) === null && cursor.dialect === "mariadb") {
    accept(cursor, "WITHOUT", "OVERLAPS");
  }
  return Object.freeze({ column, text: textFrom(cursor, start) });
}

interface IndexOption {
  /** As written; empty for what belongs to the statement and not to the index. */
  readonly text: string;
  readonly method: string | null;
}

const ASSIGNED = ["KEY_BLOCK_SIZE", "COMMENT", "ENGINE_ATTRIBUTE", "SECONDARY_ENGINE_ATTRIBUTE"] as const;
const FLAGS = { mysql: ["VISIBLE", "INVISIBLE"], mariadb: ["IGNORED"] } as const;

function readOption(cursor: Cursor): IndexOption | null {
  const start = cursor.index;
  if (readExecution(cursor)) return { text: "", method: null };
  const method = readMethod(cursor);
  if (method !== null) return { text: textFrom(cursor, start), method };
  if (!readNamedOption(cursor)) return null;
  return { text: textBetween(cursor, start, cursor.index), method: null };
}

function readNamedOption(cursor: Cursor): boolean {
  if (cursor.dialect === "mariadb" && accept(cursor, "NOT", "IGNORED")) return true;
  if (acceptOneOf(cursor, FLAGS[cursor.dialect]) !== null) return true;
  if (accept(cursor, "WITH", "PARSER")) return readIdentifier(cursor, "the name of a parser") !== "";
  const engines = cursor.dialect === "mariadb" && seesIdentifier(cursor) && looksAt(cursor, "=", 1);
  if (acceptOneOf(cursor, ASSIGNED) === null && !engines) return false;
  if (engines && !looksAt(cursor, "=")) next(cursor);
  accept(cursor, "=");
  readOptionValue(cursor);
  return true;
}

/** `ALGORITHM=`, `LOCK=`, `WAIT n`, `NOWAIT`: how a statement is carried out. False when none stands there. */
export function readExecution(cursor: Cursor): boolean {
  if (readWait(cursor)) return true;
  const clause = acceptOneOf(cursor, ["ALGORITHM", "LOCK"]);
  if (clause === null) return false;
  accept(cursor, "=");
  if (peek(cursor).kind !== "word") fail(cursor, `the value of ${clause}`);
  next(cursor);
  return true;
}

/** MariaDB's `WAIT n` and `NOWAIT`. False when neither stands there. */
export function readWait(cursor: Cursor): boolean {
  if (cursor.dialect === "mysql") return false;
  if (accept(cursor, "NOWAIT")) return true;
  if (!looksAt(cursor, "WAIT") || peek(cursor, 1).kind !== "number") return false;
  cursor.index += 2;
  return true;
}
