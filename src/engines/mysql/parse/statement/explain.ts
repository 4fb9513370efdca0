import type { Explain } from "../../../../model/detail/data.js";
import type { Operation } from "../../../../model/operation.js";
import type { Span } from "../../../../model/span.js";
import { accept, type Cursor, fail, looksAt, peek } from "../cursor.js";
import { nested } from "../nesting.js";
import { harmless, other } from "../operations.js";
import { pattern } from "../pattern/compile.js";
import { matchAll, matchStart } from "../pattern/match.js";
import { readMaintenance } from "./maintenance.js";
import { readStatement } from "./statement.js";

const FORMATS = "[EXTENDED|PARTITIONS|FORMAT = <value> [INTO <variable>]|FOR {SCHEMA|DATABASE} <name>]";
const TABLE = "<relation> [<name> [. <name>]|<string>]";
const EXPLAINED: readonly string[] = [
  "SELECT",
  "INSERT",
  "REPLACE",
  "UPDATE",
  "DELETE",
  "WITH",
  "TABLE",
  "VALUES",
  "(",
];

/** `ANALYZE TABLE t`; on MariaDB also `ANALYZE statement`, which carries it out. @throws Unreadable */
export function readAnalyze(cursor: Cursor, span: Span): readonly Operation[] {
  const table = ["TABLE", "TABLES", "LOCAL", "NO_WRITE_TO_BINLOG"].some((word) => looksAt(cursor, word));
  if (table || cursor.dialect === "mysql") return readMaintenance(cursor, span, "analyze");
  return readExplained(cursor, span, true);
}

/** `EXPLAIN query`, `DESCRIBE t`; with ANALYZE the statement is carried out. @throws Unreadable */
export function readExplain(cursor: Cursor, span: Span): readonly Operation[] {
  if (peek(cursor).kind === "end") fail(cursor, "what to explain");
  const about = { kind: "explain", runs: false, of: null } as const;
  if (matchAll(cursor, pattern(`{FOR CONNECTION <number>|${TABLE}}`)) !== null)
    return [harmless("explain", span, about)];
  return readExplained(cursor, span, cursor.dialect === "mysql" && accept(cursor, "ANALYZE"));
}

function readExplained(cursor: Cursor, span: Span, runs: boolean): readonly Operation[] {
  matchStart(cursor, pattern(FORMATS));
  if (!EXPLAINED.some((word) => looksAt(cursor, word))) return [readUnknown(cursor, span, runs)];
  const [operation] = nested(cursor, (each) => readStatement(each, span));
  if (operation?.kind !== "other") return [other("explain", null, span)];
  const { detail } = operation;
  const of = detail?.kind === "query" || detail?.kind === "data-change" ? detail : null;
  if (of === null) return [other(runs ? "analyze" : "explain", null, span)];
  return [explained({ kind: "explain", runs, of }, operation.harmless, span)];
}

/** What is only planned is harmless; what is carried out is as harmless as it is by itself. */
function explained(explain: Explain, harmlessInside: boolean, span: Span): Operation {
  if (!explain.runs || harmlessInside) return harmless("explain", span, explain);
  return other("analyze", null, span, explain);
}

/** `ANALYZE FORMAT=JSON ...` of what is no query: known by its first word. */
function readUnknown(cursor: Cursor, span: Span, runs: boolean): Operation {
  cursor.index = cursor.tokens.length;
  return other(runs ? "analyze" : "explain", null, span);
}
