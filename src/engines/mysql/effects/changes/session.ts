import type { Administration, LockTables } from "../../../../model/detail/session.js";
import { type Change, unaltered } from "../change.js";
import { broken, type Subject } from "../subject.js";
import { worstChange } from "../worst.js";

/** SET, BEGIN, USE: nothing is locked by them; what they mean for the next statement is not an effect. */
export function nothingChange(): Change {
  return unaltered({});
}

/** LOCK TABLES commits, and holds what it says until UNLOCK TABLES or the session's end. */
export function lockTablesChange({ tables }: LockTables): Change {
  const locks = tables.map(({ relation, mode }) => {
    const reads = /^READ/i.test(mode);
    const name = reads ? "MDL SHARED READ ONLY" : "MDL SHARED NO READ WRITE";
    return Object.freeze({ relation, mode: name, blocks: reads ? "writes" : "reads", held: "brief" } as const);
  });
  return unaltered({ locks, transaction: tables.length > 0 ? "never" : "any" });
}

/** Everybody's writes wait, or stop, until it is taken back. */
const STOPS_WRITES: Readonly<Record<string, string>> = Object.freeze({
  "flush-tables-with-read-lock": "every write of the server waits until UNLOCK TABLES",
  "flush-tables": "new statements wait behind the longest that runs, and writes until UNLOCK TABLES",
  "lock-instance": "no DDL runs until UNLOCK INSTANCE",
  backup: "DDL, or commits, wait for the backup's stage",
  kill: "the killed session loses its transaction",
  shutdown: "the server is gone",
  restart: "the server is gone until it is up again",
});

/** What other sessions do not notice. */
const QUIET = /^(flush|cache-index|load-index|handler|signal|xa|binlog|install-|start-|clone|purge-binary-logs)/;

/** About the server and not about a schema. */
export function administrationChange({ action }: Administration, { operation }: Subject): Change {
  const stops = STOPS_WRITES[action];
  if (stops !== undefined) return unaltered({ breaks: [broken("both", stops)], transaction: "never" });
  if (operation.harmless || QUIET.test(action)) return unaltered({});
  return worstChange(operation);
}
