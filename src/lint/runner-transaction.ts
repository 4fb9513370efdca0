import type { Engine } from "../engines/engine.js";
import type { Place } from "../files/place.js";
import type { Statement } from "../model/statement.js";

/**
 * What Flyway sends outside of a transaction (its PostgreSQLParser, detectCanExecuteInTransaction). What the server
 * refuses in one and is not here, as DETACH PARTITION CONCURRENTLY, Flyway begins a transaction for all the same.
 */
const ALONE =
  /^(?:(?:CREATE|DROP)\s+(?:DATABASE|TABLESPACE|SUBSCRIPTION)|ALTER\s+SYSTEM|(?:CREATE|DROP)(?:\s+UNIQUE)?\s+INDEX\s+CONCURRENTLY|REINDEX(?:\s+VERBOSE)?\s+(?:SCHEMA|DATABASE|SYSTEM)|VACUUM|DISCARD\s+ALL)\b/i;

/** They send each text that a script gives them as one message. */
const BY_TEXT: ReadonlySet<string> = new Set(["Knex", "TypeORM", "Sequelize"]);

/** Whether what a file's tool sends at once may be no more than one statement: the file, or a text of a script. */
export const isOneMessage = ({ runner }: Place): boolean =>
  runner?.transaction === "batch" || BY_TEXT.has(runner?.tool ?? "");

const isAlone = ({ span }: Statement, text: string): boolean => ALONE.test(text.slice(span.start, span.start + 200));

/**
 * Whether the tool that a file was written for begins a transaction before it (PostgreSQL). Flyway does unless all of
 * the file must run without one; it refuses a file of both kinds, so that the statement in it that a transaction cannot
 * hold is to be found. With its setting `mixed` it runs such a file without one.
 */
export function runsInTransaction({ runner, text }: Place, statements: readonly Statement[], engine: Engine): boolean {
  if (engine.name !== "postgres") return false;
  switch (runner?.transaction) {
    case "file":
      return true;
    case "batch":
      return statements.length > 1;
    case "auto":
      return !statements.every((statement) => isAlone(statement, text));
    case "mixed":
      return !statements.some((statement) => isAlone(statement, text));
    default:
      return false;
  }
}
