import type { Operation } from "../../../../model/operation.js";
import type { Span } from "../../../../model/span.js";
import { accept, type Cursor, fail } from "../cursor.js";
import { other } from "../operations.js";
import { readPhrase } from "./phrases/read.js";

/** The beginnings of statements, for those whose rest is not understood; the longer one stands first. */
const BEGINNINGS: readonly { readonly words: readonly string[]; readonly what: string }[] = [
  { words: ["START", "TRANSACTION"], what: "begin" },
  { words: ["BEGIN"], what: "begin" },
  { words: ["COMMIT"], what: "commit" },
  { words: ["ROLLBACK"], what: "rollback" },
  { words: ["SAVEPOINT"], what: "savepoint" },
  { words: ["RELEASE", "SAVEPOINT"], what: "release-savepoint" },
  { words: ["UNLOCK"], what: "unlock-tables" },
  { words: ["SHOW"], what: "show" },
  { words: ["HELP"], what: "help" },
  { words: ["GET"], what: "get-diagnostics" },
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

/** A statement that has no reader of its own. @throws Unreadable: it begins like none that the servers know */
export function readOther(cursor: Cursor, span: Span): readonly Operation[] {
  const understood = readPhrase(cursor, span);
  if (understood !== null) return [understood];
  const found = BEGINNINGS.find(({ words }) => accept(cursor, ...words));
  if (found === undefined) fail(cursor, "a statement");
  cursor.index = cursor.tokens.length;
  return [other(found.what, null, span)];
}
