import type { Operation } from "../../../../model/operation.js";
import type { Span } from "../../../../model/span.js";
import { accept, atEnd, type Cursor, fail, looksAt, peek } from "../cursor.js";
import { readIdentifier } from "../names.js";
import { nested } from "../nesting.js";
import { harmless, other } from "../operations.js";
import { pattern } from "../pattern/compile.js";
import { matchAll } from "../pattern/match.js";
import { softly } from "../softly.js";
import { readSetTransaction } from "./set-transaction.js";
import { readSettings, seesVariable } from "./setting.js";
import { readStatement } from "./statement.js";

/** What SET changes beyond its own session: the pattern of the rest. */
const BEYOND: Readonly<Record<string, readonly [what: string, rest: string]>> = Object.freeze({
  PASSWORD: [
    "set-password",
    "PASSWORD [FOR <user>] {= {<string>|PASSWORD ( <string> )|OLD_PASSWORD ( <string> )}|<mysql> TO RANDOM} [REPLACE <string>] [RETAIN CURRENT PASSWORD]",
  ],
  DEFAULT: [
    "set-default-role",
    "DEFAULT ROLE {NONE|ALL|<user>...} {<mysql> TO <user>...|<mariadb> FOR <user>|<mariadb>}",
  ],
  RESOURCE: ["set-resource-group", "<mysql> RESOURCE GROUP <name> [FOR <number>...]"],
});
const ROLE = "ROLE {NONE|<mysql> DEFAULT|<mysql> ALL [EXCEPT <user>...]|<user>...}";

/** MariaDB's settings for one statement that change nothing of what it does. */
const PATIENCE: ReadonlySet<string> = new Set(["lock_wait_timeout", "innodb_lock_wait_timeout", "max_statement_time"]);

/** `SET ...`, from behind SET on. Only the session's own settings are harmless. @throws Unreadable */
export function readSet(cursor: Cursor, span: Span): readonly Operation[] {
  if (atEnd(cursor)) fail(cursor, "what to set");
  // RESOURCE is no reserved word: a routine may have a variable of that name.
  const assigned = looksAt(cursor, "RESOURCE") && !looksAt(cursor, "GROUP", 1);
  const beyond = !assigned && Object.hasOwn(BEYOND, peek(cursor).upper) ? BEYOND[peek(cursor).upper] : undefined;
  if (beyond !== undefined) return [readBeyond(cursor, span, beyond)];
  if (cursor.dialect === "mariadb" && !seesVariable(cursor) && accept(cursor, "STATEMENT"))
    return readSetStatement(cursor, span);
  if (looksAt(cursor, "ROLE") && matchAll(cursor, pattern(ROLE)) !== null) {
    return [harmless("set", span, { kind: "set-variables", settings: [] })];
  }
  const settings = softly(cursor, (each) => readSetTransaction(each) ?? readSettings(each));
  if (settings === null) return [other("set", null, span)];
  const detail = { kind: "set-variables", settings } as const;
  const own =
    cursor.calls.length === 0 &&
    settings.every(({ scope }) => scope === "session" || scope === "transaction" || scope === "variable");
  return [own ? harmless("set", span, detail) : other("set-global", null, span, detail)];
}

function readBeyond(cursor: Cursor, span: Span, [what, rest]: readonly [string, string]): Operation {
  const understood = matchAll(cursor, pattern(rest)) !== null;
  return other(what, null, span, understood ? { kind: "administration", action: what } : null);
}

/**
 * `SET STATEMENT a = 1 FOR ALTER TABLE ...` is what stands behind FOR when its settings only say how long to wait. With
 * others it is named and no more: they may change what the statement does.
 */
function readSetStatement(cursor: Cursor, span: Span): readonly Operation[] {
  const settings = readSettings(cursor);
  if (!accept(cursor, "FOR")) fail(cursor, "FOR");
  const operations = nested(cursor, (each) => readStatement(each, span));
  return settings.every(({ name }) => PATIENCE.has(name)) ? operations : [other("set-statement", null, span)];
}

/** `USE`: what follows runs in another database than it was planned for. @throws Unreadable */
export function readUse(cursor: Cursor, span: Span): readonly Operation[] {
  const database = readIdentifier(cursor, "the name of a database");
  if (!atEnd(cursor)) fail(cursor, "the end of the statement");
  return [other("use", null, span, { kind: "use", database })];
}
