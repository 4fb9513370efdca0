import type { Operation } from "../../../../model/operation.js";
import type { Span } from "../../../../model/span.js";
import { accept, acceptOneOf, type Cursor, fail, looksAt, peek, sees } from "../cursor.js";
import { readRelation } from "../names.js";
import { harmless, other } from "../operations.js";
import { readQuery } from "./dml.js";

/** Statements of which nothing but the beginning is read; the longer beginning stands first. */
const PHRASES: readonly { readonly words: readonly string[]; readonly what: string; readonly harmless?: true }[] = [
  { words: ["START", "TRANSACTION"], what: "begin", harmless: true },
  { words: ["BEGIN"], what: "begin", harmless: true },
  { words: ["COMMIT"], what: "commit", harmless: true },
  { words: ["ROLLBACK"], what: "rollback", harmless: true },
  { words: ["SAVEPOINT"], what: "savepoint", harmless: true },
  { words: ["RELEASE", "SAVEPOINT"], what: "release-savepoint", harmless: true },
  { words: ["UNLOCK"], what: "unlock-tables", harmless: true },
  { words: ["SHOW"], what: "show", harmless: true },
  { words: ["HELP"], what: "help", harmless: true },
  { words: ["DO"], what: "do", harmless: true },
  { words: ["GET"], what: "get-diagnostics", harmless: true },
  { words: ["LOCK", "INSTANCE"], what: "lock-instance" },
  { words: ["LOCK"], what: "lock-tables" },
  { words: ["GRANT"], what: "grant" },
  { words: ["REVOKE"], what: "revoke" },
  { words: ["CALL"], what: "call" },
  { words: ["HANDLER"], what: "handler" },
  { words: ["PREPARE"], what: "prepare" },
  { words: ["EXECUTE"], what: "execute" },
  { words: ["DEALLOCATE"], what: "deallocate-prepare" },
  { words: ["FLUSH"], what: "flush" },
  { words: ["RESET"], what: "reset" },
  { words: ["PURGE"], what: "purge" },
  { words: ["KILL"], what: "kill" },
  { words: ["SHUTDOWN"], what: "shutdown" },
  { words: ["RESTART"], what: "restart" },
  { words: ["START"], what: "start-replication" },
  { words: ["STOP"], what: "stop-replication" },
  { words: ["CHANGE"], what: "change-replication" },
  { words: ["INSTALL"], what: "install" },
  { words: ["UNINSTALL"], what: "uninstall" },
  { words: ["IMPORT", "TABLE"], what: "import-table" },
  { words: ["CACHE", "INDEX"], what: "cache-index" },
  { words: ["CLONE"], what: "clone" },
  { words: ["BINLOG"], what: "binlog" },
  { words: ["BACKUP"], what: "backup" },
  { words: ["SIGNAL"], what: "signal" },
  { words: ["RESIGNAL"], what: "signal" },
  { words: ["XA"], what: "xa" },
];

/** @throws Unreadable: the statement begins like none that the servers know */
export function readOther(cursor: Cursor, span: Span): readonly Operation[] {
  const found = PHRASES.find(({ words }) => accept(cursor, ...words));
  if (found === undefined) fail(cursor, "a statement");
  return [found.harmless ? harmless(found.what, span) : other(found.what, null, span)];
}

/** `ANALYZE TABLE t`, `CHECK TABLE t`, ...: the verb is behind the cursor. @throws Unreadable */
export function readMaintenance(cursor: Cursor, span: Span, verb: string): readonly Operation[] {
  acceptOneOf(cursor, ["NO_WRITE_TO_BINLOG", "LOCAL"]);
  if (cursor.dialect === "mariadb" && acceptOneOf(cursor, ["VIEW", "VIEWS"]) !== null) {
    return [other(`${verb}-view`, null, span)];
  }
  if (acceptOneOf(cursor, ["TABLE", "TABLES"]) === null) fail(cursor, "TABLE");
  const relation = readRelation(cursor);
  return [other(`${verb}-table`, looksAt(cursor, ",") ? null : relation, span)];
}

/** `ANALYZE TABLE t`; on MariaDB also `ANALYZE statement`, which carries it out. @throws Unreadable */
export function readAnalyze(cursor: Cursor, span: Span): readonly Operation[] {
  const table = ["TABLE", "TABLES", "LOCAL", "NO_WRITE_TO_BINLOG"].some((word) => looksAt(cursor, word));
  if (table || cursor.dialect === "mysql") return readMaintenance(cursor, span, "analyze");
  return explained(cursor, span, true);
}

/** `EXPLAIN query`, `DESCRIBE t`; with ANALYZE the statement is carried out. @throws Unreadable */
export function readExplain(cursor: Cursor, span: Span): readonly Operation[] {
  if (peek(cursor).kind === "end") fail(cursor, "what to explain");
  return explained(cursor, span, sees(cursor, "ANALYZE"));
}

function explained(cursor: Cursor, span: Span, runs: boolean): readonly Operation[] {
  const verbs = ["INSERT", "REPLACE", "UPDATE", "DELETE"];
  const writes = cursor.tokens.some(({ upper }) => verbs.includes(upper));
  return runs && writes ? [other("analyze", null, span)] : renamed(readQuery(cursor, span));
}

/** A query that is explained is one that is not harmless only where it would not be by itself. */
function renamed(operations: readonly Operation[]): readonly Operation[] {
  return operations.map((operation) =>
    operation.kind === "other" && operation.harmless ? Object.freeze({ ...operation, what: "explain" }) : operation,
  );
}
