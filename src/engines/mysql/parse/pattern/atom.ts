import type { RelationName } from "../../../../model/name.js";
import { type Cursor, looksAt, next, peek, spanFrom, Unreadable } from "../cursor.js";
import { readCharsetName, readDataType } from "../data-type.js";
import { readExpression } from "../expression/expression.js";
import { readSignedNumber } from "../expression/literal.js";
import { readIdentifier, readObjectName, seesIdentifier } from "../names.js";
import type { TokenKind } from "../token.js";
import { textFrom } from "../token-text.js";
import { readUser } from "../user-name.js";
import type { Captured } from "./match.js";
import type { AtomKind } from "./pattern.js";

/** Reads an atom; false when something else stands there. */
export function readAtom(cursor: Cursor, atom: AtomKind, key: string | null, captured: Captured[]): boolean {
  const start = cursor.index;
  const relation = atom === "relation" ? readRelation(cursor) : null;
  if (atom === "relation" ? relation === null : !READERS[atom](cursor)) return false;
  if (key === null) return true;
  captured.push({ key, text: plainText(cursor, start, atom), relation, span: spanFrom(cursor, start) });
  return true;
}

/** A name or string that is one token is given without its quotes. */
function plainText(cursor: Cursor, start: number, atom: AtomKind): string {
  const alone = cursor.index === start + 1 && atom !== "expression";
  return alone ? (cursor.tokens[start]?.value ?? "") : textFrom(cursor, start);
}

function readRelation(cursor: Cursor): RelationName | null {
  if (!seesIdentifier(cursor)) return null;
  return attempt(() => readObjectName(cursor));
}

const READERS: Readonly<Record<Exclude<AtomKind, "relation">, (cursor: Cursor) => boolean>> = Object.freeze({
  any: (cursor) => accepts(cursor, ["word", "quoted", "string", "number", "variable"]),
  charset: (cursor) => attempt(() => readCharsetName(cursor)) !== null,
  expression: (cursor) => attempt(() => readExpression(cursor)) !== null,
  mariadb: (cursor) => cursor.dialect === "mariadb",
  mysql: (cursor) => cursor.dialect === "mysql",
  name: (cursor) => attempt(() => readIdentifier(cursor, "a name")) !== null,
  number: readWhole,
  string: (cursor) => accepts(cursor, ["string"]),
  type: (cursor) => attempt(() => readDataType(cursor)) !== null,
  user: (cursor) => attempt(() => readUser(cursor)) !== null,
  value: readValue,
  variable: (cursor) => accepts(cursor, ["variable"]),
});

function readWhole(cursor: Cursor): boolean {
  return readSignedNumber(cursor) && /^(\d+|0x[\da-f]+)$/i.test(peek(cursor, -1).text);
}

/** An option's value: a number, a string, a name, or a word that stands for none. */
function readValue(cursor: Cursor): boolean {
  if (seesIdentifier(cursor) || ["DEFAULT", "NULL", "ON", "ALL"].some((word) => looksAt(cursor, word))) {
    return accepts(cursor, ["word", "quoted"]);
  }
  return readSignedNumber(cursor) || accepts(cursor, ["string"]);
}

function accepts(cursor: Cursor, kinds: readonly TokenKind[]): boolean {
  if (!kinds.includes(peek(cursor).kind)) return false;
  next(cursor);
  return true;
}

/** What a reader gives; null when it cannot read what stands there. The caller puts the cursor back. */
function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}
