import type { Engine } from "../engines/engine.js";
import type { Place, Runner } from "../files/place.js";
import { howWithoutTransaction } from "../files/without-transaction.js";
import type { Statement } from "../model/statement.js";

/**
 * What Flyway sends outside of a transaction (its PostgreSQLParser, detectCanExecuteInTransaction). What the server
 * refuses in one and is not here, as DETACH PARTITION CONCURRENTLY, Flyway begins a transaction for all the same.
 */
const ALONE =
  /^(?:(?:CREATE|DROP)\s+(?:DATABASE|TABLESPACE|SUBSCRIPTION)|ALTER\s+SYSTEM|(?:CREATE|DROP)(?:\s+UNIQUE)?\s+INDEX\s+CONCURRENTLY|REINDEX(?:\s+VERBOSE)?\s+(?:SCHEMA|DATABASE|SYSTEM)|VACUUM|DISCARD\s+ALL)\b/i;

/** What is among it as soon as it says CONCURRENTLY. */
const ALONE_CONCURRENTLY = /^(?:CREATE(?:\s+UNIQUE)?|DROP)\s+INDEX\s+(?!CONCURRENTLY\b)/i;

/** They send each text that a script gives them as one message. */
const BY_TEXT: ReadonlySet<string> = new Set(["Knex", "TypeORM", "Sequelize"]);

/** Whether what a file's tool sends at once may be no more than one statement: the file, or a text of a script. */
export const isOneMessage = ({ runner }: Place): boolean =>
  runner?.transaction === "batch" || BY_TEXT.has(runner?.tool ?? "");

const begins = ({ span }: Statement, text: string, how: RegExp): boolean =>
  how.test(text.slice(span.start, span.start + 200));
const isAlone = (statement: Statement, text: string): boolean => begins(statement, text, ALONE);

/**
 * What makes a tool run a statement without a transaction: Flyway finds that out by itself where nothing else is in its file.
 *
 * @param text what the statement stands in
 */
export function howRunAlone(runner: Runner | undefined, statement: Statement, text: string): string | null {
  const isFound = runner?.transaction === "auto" || runner?.transaction === "mixed";
  const alone = isAlone(statement, text) || begins(statement, text, ALONE_CONCURRENTLY);
  return isFound && alone ? "write nothing else into it" : howWithoutTransaction(runner);
}

/**
 * Whether the tool that a file was written for begins a transaction before it (PostgreSQL). Flyway does unless all of
 * the file must run without one, or would with CONCURRENTLY; it refuses a file of both kinds, so that the statement in it that a transaction cannot
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
      return ![ALONE, ALONE_CONCURRENTLY].some((how) => statements.every((statement) => begins(statement, text, how)));
    case "mixed":
      return !statements.some((statement) => isAlone(statement, text));
    default:
      return false;
  }
}
