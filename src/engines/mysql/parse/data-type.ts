import { isCharacterSetIntroducer } from "./character-sets.js";
import { accept, acceptOneOf, type Cursor, fail, looksAt, next, peek, sees } from "./cursor.js";
import { isReserved } from "./reserved.js";
import type { Token } from "./token.js";
import { tokenText } from "./token-text.js";
import { isType, readTypeSize } from "./type-size.js";

/** A type as written, without its character set and collation, which stand apart. */
export interface DataType {
  /** `VARCHAR(255)`, `INT UNSIGNED`, `enum('a','b')`. */
  readonly text: string;
  readonly characterSet: string | null;
  readonly collation: string | null;
  /** `SERIAL`: BIGINT UNSIGNED NOT NULL AUTO_INCREMENT UNIQUE. */
  readonly serial: boolean;
}

/** Words that go on a type's name: `DOUBLE PRECISION`, `NATIONAL CHARACTER VARYING`, `LONG VARCHAR`. */
const CONTINUED: Readonly<Record<string, readonly string[]>> = Object.freeze({
  DOUBLE: ["PRECISION"],
  CHAR: ["VARYING"],
  CHARACTER: ["VARYING"],
  NCHAR: ["VARYING", "VARCHAR", "VARCHARACTER"],
  NATIONAL: ["CHAR", "CHARACTER", "VARCHAR", "VARCHARACTER"],
  LONG: ["CHAR", "CHARACTER", "VARCHAR", "VARCHARACTER", "VARBINARY"],
});

const NUMERIC = ["UNSIGNED", "SIGNED", "ZEROFILL"] as const;
const TEXTUAL = ["ASCII", "UNICODE", "BYTE", "BINARY"] as const;
const IS_NUMERIC = /INT|^(DEC|NUMERIC|FIXED|FLOAT|DOUBLE|REAL)/;
const IS_TEXTUAL = /CHAR|TEXT|^(ENUM|SET|LONG|NATIONAL)$/;

/** Reads a type with its modifiers. @throws Unreadable for a type that the server does not have */
export function readDataType(cursor: Cursor): DataType {
  const start = cursor.index;
  const serial = peek(cursor).upper === "SERIAL";
  const words = readTypeName(cursor);
  readTypeSize(cursor, words);
  const kept: Token[] = cursor.tokens.slice(start, cursor.index);
  const { characterSet, collation } = readModifiers(cursor, kept, words);
  return { text: tokenText(cursor.text, kept), characterSet, collation, serial };
}

function readTypeName(cursor: Cursor): readonly string[] {
  let word = peek(cursor).upper;
  if (!isType(word, cursor.dialect)) fail(cursor, "a data type");
  const words = [word];
  next(cursor);
  for (let more = continuation(cursor, word); more !== null; more = continuation(cursor, word)) {
    word = more;
    words.push(word);
  }
  if (word === "NATIONAL") fail(cursor, "CHAR or VARCHAR");
  return words;
}

function continuation(cursor: Cursor, word: string): string | null {
  return acceptOneOf(cursor, CONTINUED[word] ?? []);
}

/** Modifiers in any order. Those that are neither character set nor collation are added to `kept`. */
function readModifiers(
  cursor: Cursor,
  kept: Token[],
  words: readonly string[],
): Pick<DataType, "characterSet" | "collation"> {
  const textual = words.some((word) => IS_TEXTUAL.test(word));
  const modifiers = modifiersOf(words[0] ?? "", textual);
  let characterSet: string | null = null;
  let collation: string | null = null;
  for (;;) {
    if (modifiers.some((word) => looksAt(cursor, word))) kept.push(readModifier(cursor, kept));
    else if (textual && seesCharacterSet(cursor)) characterSet = readCharacterSet(cursor);
    else if (collation === null && accept(cursor, "COLLATE")) collation = readCharsetName(cursor);
    else if (!readSystem(cursor, kept)) return { characterSet, collation };
  }
}

function modifiersOf(type: string, textual: boolean): readonly string[] {
  if (textual) return TEXTUAL;
  return IS_NUMERIC.test(type) ? NUMERIC : [];
}

/** MariaDB takes none of them twice. */
function readModifier(cursor: Cursor, kept: readonly Token[]): Token {
  const again = kept.some(({ upper }, at) => at > 0 && upper === peek(cursor).upper);
  if (cursor.dialect === "mariadb" && again) fail(cursor, "another modifier of the type");
  return next(cursor);
}

/** MariaDB's `REF_SYSTEM_ID = 4326`, which belongs to the type. */
function readSystem(cursor: Cursor, kept: Token[]): boolean {
  if (cursor.dialect === "mysql" || !sees(cursor, "REF_SYSTEM_ID", "=")) return false;
  if (peek(cursor, 2).kind !== "number") fail(cursor, "a number");
  kept.push(next(cursor), next(cursor), next(cursor));
  return true;
}

/** `CHARACTER SET`, `CHAR SET` or `CHARSET`. */
export function seesCharacterSet(cursor: Cursor): boolean {
  return sees(cursor, "CHARACTER", "SET") || sees(cursor, "CHAR", "SET") || looksAt(cursor, "CHARSET");
}

/** `CHARACTER SET utf8mb4`, also with `=`. @throws Unreadable */
export function readCharacterSet(cursor: Cursor): string {
  if (!accept(cursor, "CHARSET")) cursor.index += 2;
  accept(cursor, "=");
  return readCharsetName(cursor);
}

/** The name of a character set or collation; servers take it bare, quoted or as a string. @throws Unreadable */
export function readCharsetName(cursor: Cursor): string {
  const { kind, upper } = peek(cursor);
  const reserved =
    isCharacterSetIntroducer(upper) || (isReserved(upper, cursor.dialect) && upper !== "BINARY" && upper !== "DEFAULT");
  if (reserved || (kind !== "word" && kind !== "quoted" && kind !== "string"))
    fail(cursor, "the name of a character set");
  return next(cursor).value;
}
