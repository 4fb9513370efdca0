import type { RelationName } from "../../../model/name.js";
import { isCharacterSetIntroducer } from "./character-sets.js";
import { accept, type Cursor, expect, fail, looksAt, next, peek } from "./cursor.js";
import { isReserved, reservedBetween } from "./reserved.js";

/** Whether a name may stand here: anything in backticks, or a word that is not reserved. */
export function seesIdentifier(cursor: Cursor, ahead = 0): boolean {
  const token = peek(cursor, ahead);
  if (token.kind !== "word") return token.kind === "quoted";
  return !isReserved(token.upper, cursor.dialect) && !isCharacterSetIntroducer(token.upper);
}

/** A name, spelled as written and without its backticks. @throws Unreadable */
export function readIdentifier(cursor: Cursor, what: string): string {
  if (!seesIdentifier(cursor) || peek(cursor).value === "") fail(cursor, what);
  noteReserved(cursor);
  return next(cursor).value;
}

/** Behind a dot every word is a name. */
function noteReserved(cursor: Cursor): void {
  const { kind, upper, value, span } = peek(cursor);
  const reserved = kind === "word" && !looksAt(cursor, ".", -1) ? reservedBetween(upper, cursor.dialect) : null;
  if (reserved !== null) cursor.reservedNames.set(span.start, Object.freeze({ word: value, span, reserved }));
}

/** The table `t` or `s.t`. @throws Unreadable */
export function readRelation(cursor: Cursor, what = "the name of a table"): RelationName {
  skipLeadingDot(cursor);
  return readObjectName(cursor, what);
}

/** `x` or `s.x`, for what is no table. @throws Unreadable */
export function readObjectName(cursor: Cursor, what = "a name"): RelationName {
  const first = readIdentifier(cursor, what);
  if (!accept(cursor, ".")) return Object.freeze({ schema: null, name: first });
  return Object.freeze({ schema: first, name: readIdentifier(cursor, what) });
}

/** The name of a column that is defined, changed or dropped. MariaDB lets its table stand before it. @throws Unreadable */
export function readColumnName(cursor: Cursor, what = "the name of a column"): string {
  skipLeadingDot(cursor);
  let name = readIdentifier(cursor, what);
  while (cursor.dialect === "mariadb" && accept(cursor, ".")) name = readIdentifier(cursor, what);
  return name;
}

/** `(a, b)`: names only. @throws Unreadable */
export function readColumnNames(cursor: Cursor): readonly string[] {
  expect(cursor, "(");
  const names: string[] = [];
  do names.push(readIdentifier(cursor, "the name of a column"));
  while (accept(cursor, ","));
  expect(cursor, ")");
  return Object.freeze(names);
}

/** ODBC's `.t` is `t` to MariaDB. */
function skipLeadingDot(cursor: Cursor): void {
  if (cursor.dialect === "mariadb") accept(cursor, ".");
}

/** `IF EXISTS`, in a place where both servers have it. */
export function readIfExists(cursor: Cursor): boolean {
  return accept(cursor, "IF", "EXISTS");
}

/** `IF EXISTS` or `IF NOT EXISTS`, in a place where only MariaDB has it. @throws Unreadable on MySQL */
export function readMariadbIf(cursor: Cursor, negated: boolean): boolean {
  const words = negated ? ["IF", "NOT", "EXISTS"] : ["IF", "EXISTS"];
  if (!looksAt(cursor, "IF") || !words.every((word, ahead) => looksAt(cursor, word, ahead))) return false;
  if (cursor.dialect === "mysql") fail(cursor, `no ${words.join(" ")} here, which only MariaDB knows`);
  return accept(cursor, ...words);
}
