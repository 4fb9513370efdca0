import type { Operation } from "../../../../model/operation.js";
import type { Span } from "../../../../model/span.js";
import { atEnd, type Cursor, fail, looksAt, peek, refuse } from "../cursor.js";
import { harmless, other } from "../operations.js";

/** Modes under which the rest of the file would be other tokens, or another language. */
const OTHER_TEXT = /\b(ANSI|ANSI_QUOTES|NO_BACKSLASH_ESCAPES|DB2|MAXDB|MSSQL|ORACLE|POSTGRESQL)\b/i;

/** What SET changes beyond its own session. */
const BEYOND: Readonly<Record<string, string>> = Object.freeze({
  PASSWORD: "set-password",
  DEFAULT: "set-default-role",
  RESOURCE: "set-resource-group",
  // MariaDB's SET STATEMENT a = 1 FOR ALTER TABLE ...: what it runs is behind FOR.
  STATEMENT: "set-statement",
  GLOBAL: "set-global",
  PERSIST: "set-global",
  PERSIST_ONLY: "set-global",
});

/** `SET ...`, from behind SET on. Only the session's own settings are harmless. @throws Unreadable */
export function readSet(cursor: Cursor, span: Span): readonly Operation[] {
  if (atEnd(cursor)) fail(cursor, "what to set");
  refuseOtherText(cursor);
  const { upper } = peek(cursor);
  const what = Object.hasOwn(BEYOND, upper) ? BEYOND[upper] : undefined;
  if (what !== undefined) return [other(what, null, span)];
  return [setsGlobal(cursor) ? other("set-global", null, span) : harmless("set", span)];
}

/** `SET a = 1, GLOBAL b = 2`, `SET @@global.b = 2`. */
function setsGlobal(cursor: Cursor): boolean {
  return cursor.tokens.some(({ kind, text, upper }, at) => {
    if (kind === "variable") return /^@@(global|persist|persist_only)\./i.test(text);
    return cursor.tokens[at - 1]?.text === "," && ["GLOBAL", "PERSIST", "PERSIST_ONLY"].includes(upper);
  });
}

function refuseOtherText(cursor: Cursor): void {
  const named = cursor.tokens.some(({ text }) => /sql_mode$/i.test(text));
  const modes = cursor.tokens.find(({ value }) => OTHER_TEXT.test(value));
  if (!named || modes === undefined) return;
  refuse(
    { ...cursor, index: cursor.tokens.length },
    0,
    `sql_mode ${modes.value} changes what quotes, backslashes or bodies mean: write the file for the default mode.`,
  );
}

/** `USE`: what follows runs in another database than it was planned for. @throws Unreadable */
export function readUse(cursor: Cursor, span: Span): readonly Operation[] {
  if (peek(cursor).kind !== "word" && peek(cursor).kind !== "quoted") fail(cursor, "the name of a database");
  if (looksAt(cursor, ".", 1) || peek(cursor, 1).kind !== "end") {
    cursor.index += 1;
    fail(cursor, "the end of the statement");
  }
  return [other("use", null, span)];
}
