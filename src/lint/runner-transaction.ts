import type { Engine } from "../engines/engine.js";
import type { Place } from "../files/place.js";
import type { Statement } from "../model/statement.js";

/**
 * What Flyway sends outside of a transaction (its PostgreSQLParser, detectCanExecuteInTransaction). What the server
 * refuses in one and is not here, as DETACH PARTITION CONCURRENTLY, Flyway begins a transaction for all the same.
 */
const ALONE =
  /^(?:(?:CREATE|DROP)\s+(?:DATABASE|TABLESPACE|SUBSCRIPTION)|ALTER\s+SYSTEM|(?:CREATE|DROP)(?:\s+UNIQUE)?\s+INDEX\s+CONCURRENTLY|REINDEX(?:\s+VERBOSE)?\s+(?:SCHEMA|DATABASE|SYSTEM)|VACUUM|DISCARD\s+ALL)\b/i;

/**
 * Whether the tool that a file was written for begins a transaction before it (PostgreSQL). Flyway does unless all of
 * the file must run without one; it refuses a file of both kinds, so that the statement in it that a transaction cannot
 * hold is to be found.
 */
export function runsInTransaction({ runner, text }: Place, statements: readonly Statement[], engine: Engine): boolean {
  if (engine.name !== "postgres") return false;
  switch (runner?.transaction) {
    case "file":
      return true;
    case "batch":
      return statements.length > 1;
    case "auto":
      return !statements.every(({ span }) => ALONE.test(text.slice(span.start, span.start + 200)));
    default:
      return false;
  }
}
