import type { Setting } from "../../../../model/detail/session.js";
import { accept, acceptOneOf, type Cursor, expect, fail, looksAt, next, peek } from "../cursor.js";
import { readCharacterSet, readCharsetName, seesCharacterSet } from "../data-type.js";
import { readExpression } from "../expression/expression.js";
import { readIdentifier } from "../names.js";
import { textValue, variableName } from "../text-value.js";
import { textFrom } from "../token-text.js";

type Scope = Setting["scope"];

const SCOPES: Readonly<Record<string, Scope>> = Object.freeze({
  GLOBAL: "global",
  SESSION: "session",
  LOCAL: "session",
  PERSIST: "persist",
  PERSIST_ONLY: "persist-only",
});
/** Values that are keywords and no expressions. */
const WORDS = ["ON", "ALL", "BINARY", "ROW", "SYSTEM"] as const;

/** `a = 1, GLOBAL b = 2, @@session.c = 3, @d = 4, NAMES utf8mb4`, behind SET. @throws Unreadable */
export function readSettings(cursor: Cursor): readonly Setting[] {
  const settings: Setting[] = [];
  // A scope that was said goes on for what has none, on both servers, until another one is said.
  let scope: Scope = "session";
  do {
    const said = readScope(cursor);
    scope = said ?? scope;
    settings.push(...readSetting(cursor, scope));
  } while (accept(cursor, ","));
  return Object.freeze(settings);
}

/** MariaDB takes the words of SET for names of variables, too: `DECLARE local int; SET local = 1`. */
export const seesVariable = (cursor: Cursor): boolean =>
  cursor.dialect === "mariadb" && (looksAt(cursor, "=", 1) || looksAt(cursor, ":=", 1));

function readScope(cursor: Cursor): Scope | null {
  if (seesVariable(cursor)) return null;
  const known = Object.keys(SCOPES).filter((each) => cursor.dialect === "mysql" || !each.startsWith("PERSIST"));
  const word = known.find((each) => looksAt(cursor, each));
  if (word === undefined) return null;
  next(cursor);
  return SCOPES[word] ?? null;
}

function readSetting(cursor: Cursor, scope: Scope): readonly Setting[] {
  const names = readNames(cursor);
  if (names !== null) return names;
  const target = readTarget(cursor, scope);
  if (!accept(cursor, ":=")) expect(cursor, "=");
  const start = cursor.index;
  const value = readSettingValue(cursor);
  const text = target.scope === "variable" ? textValue(cursor.tokens.slice(start, cursor.index)) : null;
  return [Object.freeze({ ...target, value, ...(text === null ? {} : { text }) })];
}

/** `NAMES utf8mb4 COLLATE x`, `CHARACTER SET utf8mb4`. */
function readNames(cursor: Cursor): readonly Setting[] | null {
  const assigned = looksAt(cursor, "=", 1) || looksAt(cursor, ":=", 1);
  if (!assigned && accept(cursor, "NAMES")) {
    const value = accept(cursor, "DEFAULT") ? null : readCharsetName(cursor);
    if (accept(cursor, "COLLATE")) readCharsetName(cursor);
    return [Object.freeze({ scope: "session", name: "names", value })];
  }
  if (assigned || !seesCharacterSet(cursor)) return null;
  return [Object.freeze({ scope: "session", name: "character set", value: readCharacterSet(cursor) })];
}

function readTarget(cursor: Cursor, scope: Scope): Pick<Setting, "scope" | "name"> {
  const { kind, text, value } = peek(cursor);
  if (kind !== "variable") return { scope, name: readDotted(cursor).toLowerCase() };
  next(cursor);
  const system = /^@@(?:(global|session|local|persist|persist_only)\.)?(.+)$/i.exec(text);
  if (system === null) return { scope: "variable", name: variableName(value) };
  const [, said, name = ""] = system;
  return {
    scope: said === undefined ? "session" : (SCOPES[said.toUpperCase()] ?? "session"),
    name: name.toLowerCase(),
  };
}

/** `a`, `structured.variable`. */
function readDotted(cursor: Cursor): string {
  const name = readIdentifier(cursor, "the name of a variable");
  if (!accept(cursor, ".")) return name;
  return `${name}.${readIdentifier(cursor, "the name of a variable")}`;
}

function readSettingValue(cursor: Cursor): string | null {
  if (accept(cursor, "DEFAULT")) return null;
  const word = acceptOneOf(cursor, WORDS);
  if (word !== null) return word;
  const start = cursor.index;
  const { kind, value } = peek(cursor);
  readExpression(cursor);
  if (cursor.index === start) fail(cursor, "a value");
  return cursor.index === start + 1 && kind === "string" ? value : textFrom(cursor, start);
}
