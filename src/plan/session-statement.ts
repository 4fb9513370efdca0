import { type Phased, Refusal } from "../engines/engine.js";
import { notYet } from "../engines/strategies.js";
import type { Operation, OtherOperation } from "../model/operation.js";

/** What a runner may leave out: it reads, or sets what every step sets for itself. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  "begin",
  "start",
  "start-transaction",
  "commit",
  "select",
  "show",
  "explain",
]);

/** Kinds that change no schema and no row by themselves, the same on every engine. */
const ABOUT_SESSION: ReadonlySet<string> = new Set([
  "administration",
  "explain",
  "lock-tables",
  "opaque",
  "prepare-statement",
  "query",
  "set-variables",
  "transaction",
  "use",
]);

/** About the session, or what only reads: no strategy plans it. */
export const isAboutSession = (operation: Operation): operation is OtherOperation =>
  operation.kind === "other" && (operation.detail === undefined || ABOUT_SESSION.has(operation.detail.kind));

const OWN_SETTINGS =
  /^SET\s+(SESSION\s+|LOCAL\s+|@@(session\.|local\.)?)?(lock_timeout|statement_timeout|idle_in_transaction_session_timeout|transaction_timeout|lock_wait_timeout|innodb_lock_wait_timeout|max_statement_time|client_min_messages|client_encoding|names)\b[^,]*$/i;

/** What a script of pg_dump sets to what it is without it, or for rows that it does not have. */
const OF_A_DUMP =
  /^SET\s+(?:SESSION\s+)?(?:standard_conforming_strings\s*=\s*'?on'?|check_function_bodies\s*=\s*'?(?:false|off|true|on)'?|xmloption\s*=\s*'?content'?|row_security\s*=\s*'?off'?|default_tablespace\s*=\s*''|default_table_access_method\s*=\s*"?heap"?|default_with_oids\s*=\s*'?false'?)$/i;

/** Names have their schemas in such a script. */
const NO_PATH = /^SELECT\s+pg_catalog\.set_config\('search_path', '', false\)$/i;

const firstLine = (sql: string): string => sql.split("\n", 1)[0]?.slice(0, 80) ?? "";

/** Nothing, where it can be left out: all else would change what stands behind it, or would be lost. @throws Refusal */
export function leaveOut(operation: OtherOperation, sql: string): Phased {
  const harmless =
    operation.harmless && (LEFT_OUT.has(operation.what) || OWN_SETTINGS.test(sql) || OF_A_DUMP.test(sql));
  if (harmless || NO_PATH.test(sql))
    return {
      steps: [],
      retires: [],
      gates: [],
      notes: [`\`${firstLine(sql)}\` is left out: zmigrate sets transactions and timeouts itself.`],
    };
  if (operation.what === "set")
    throw new Refusal(
      `\`${firstLine(sql)}\` changes what the statements behind it mean, and each step runs in a session of its own.`,
      "Write names with their schema, and leave the SET out.",
    );
  return notYet(null, operation);
}
