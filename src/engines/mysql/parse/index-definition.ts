import type { IndexKey } from "../../../model/operation.js";
import { readBracketedExpression } from "./brackets.js";
import { accept, acceptOneOf, type Cursor, expect, fail, looksAt, next, peek } from "./cursor.js";
import { readNumber } from "./expression/literal.js";
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

/**
 * The key parts and options. `method` is what USING said before them; `afterKeys` reads what a statement of its own may
 * have between them. @throws Unreadable
 */
export function readIndexBody(
  cursor: Cursor,
  name: string | null,
  special: string | null,
  method: string | null,
  afterKeys: (cursor: Cursor) => unknown = () => {},
): IndexDefinition {
  const start = cursor.index;
  const { keys, expressions } = readKeys(cursor);
  const parts = [textFrom(cursor, start), ...(method === null ? [] : [`USING ${method}`])];
  afterKeys(cursor);
  let said = method;
  for (let option = readOption(cursor, special); option !== null; option = readOption(cursor, special)) {
    said = option.method ?? said;
    parts.push(option.text);
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
  if (column === null) readBracketedExpression(cursor, "an expression");
  else if (accept(cursor, "(")) {
    if (readNumber(cursor) === null) fail(cursor, "a length");
    expect(cursor, ")");
  }
  if (acceptOneOf(cursor, ["ASC", "DESC"]) === null && cursor.dialect === "mariadb") {
    accept(cursor, "WITHOUT", "OVERLAPS");
  }
  return Object.freeze({ column, text: textFrom(cursor, start) });
}

interface IndexOption {
  /** As written. */
  readonly text: string;
  readonly method: string | null;
}

const ASSIGNED = { mysql: ["ENGINE_ATTRIBUTE", "SECONDARY_ENGINE_ATTRIBUTE"], mariadb: [] } as const;
const FLAGS = { mysql: ["VISIBLE", "INVISIBLE"], mariadb: ["IGNORED", "VISIBLE"] } as const;

function readOption(cursor: Cursor, special: string | null): IndexOption | null {
  const start = cursor.index;
  const method = readMethod(cursor);
  if (method !== null) return { text: textFrom(cursor, start), method };
  if (!readNamedOption(cursor, special)) return null;
  return { text: textBetween(cursor, start, cursor.index), method: null };
}

function readNamedOption(cursor: Cursor, special: string | null): boolean {
  if (cursor.dialect === "mariadb" && accept(cursor, "NOT", "IGNORED")) return true;
  if (acceptOneOf(cursor, FLAGS[cursor.dialect]) !== null) return true;
  if (special === "FULLTEXT" && accept(cursor, "WITH", "PARSER"))
    return readIdentifier(cursor, "the name of a parser") !== "";
  const engines =
    cursor.dialect === "mariadb" && seesIdentifier(cursor) && looksAt(cursor, "=", 1) && !looksAt(cursor, "ALGORITHM");
  const assigned = acceptOneOf(cursor, [...ASSIGNED[cursor.dialect], "KEY_BLOCK_SIZE", "COMMENT"]);
  if (assigned === null && !engines) return false;
  if (assigned === null) next(cursor);
  accept(cursor, "=");
  const { kind } = peek(cursor);
  if (assigned !== null && kind !== (assigned === "KEY_BLOCK_SIZE" ? "number" : "string")) fail(cursor, "its value");
  readOptionValue(cursor);
  return true;
}
