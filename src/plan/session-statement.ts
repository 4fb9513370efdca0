import { type Engine, type FileOperation, type Phased, Refusal, type StrategyContext } from "../engines/engine.js";
import { settingsOf } from "../engines/settings-before.js";
import { notYet } from "../engines/strategies.js";
import type { Setting } from "../model/detail/session.js";
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

/** A query that sets sequences is a change. */
const setsSequences = ({ detail }: OtherOperation): boolean => detail?.kind === "query" && detail.sets !== undefined;

/** About the session, or what only reads: no strategy plans it. */
export const isAboutSession = (operation: Operation): operation is OtherOperation =>
  operation.kind === "other" &&
  (operation.detail === undefined || ABOUT_SESSION.has(operation.detail.kind)) &&
  !setsSequences(operation);

/** What blocks, calls and functions do is not seen: the engine may run them where no code runs on the database. */
export const runsAnyway = (
  { detail, harmless }: OtherOperation,
  { newDatabase }: Pick<StrategyContext, "newDatabase">,
): boolean => newDatabase === true && !harmless && (detail?.kind === "opaque" || detail?.kind === "query");

const OWN_SETTINGS =
  /^(?:RESET\s+|SET\s+(?:SESSION\s+|LOCAL\s+|@@(?:session\.|local\.)?)?)(lock_timeout|statement_timeout|idle_in_transaction_session_timeout|transaction_timeout|lock_wait_timeout|innodb_lock_wait_timeout|max_statement_time|client_min_messages|client_encoding|names)\b[^,]*$/i;

/**
 * What a script of pg_dump sets: to what it is without it, for rows that it does not have, and no search path, as all its
 * names have their schemas. Strategies look for `check_function_bodies` themselves.
 */
const OF_A_DUMP: Readonly<Record<string, readonly string[]>> = Object.freeze({
  check_function_bodies: ["off", "false", "on", "true"],
  default_table_access_method: ["heap"],
  default_tablespace: [""],
  row_security: ["off"],
  search_path: [""],
  standard_conforming_strings: ["on"],
  xmloption: ["content"],
});

const isOfDump = ({ detail }: OtherOperation): boolean =>
  detail?.kind === "set-variables" &&
  detail.settings.every(({ name, value }) => OF_A_DUMP[name]?.includes(value?.toLowerCase() ?? "DEFAULT") === true);

/** What PostgreSQL's SET CONSTRAINTS says; null for anything else. */
const constraintsSet = ({ detail }: OtherOperation): string | null =>
  detail?.kind === "set-variables" ? (detail.settings.find((s) => s.name === "constraints")?.value ?? null) : null;

const changesRows = ({ operation }: FileOperation): boolean =>
  operation.kind === "other" && operation.detail?.kind === "data-change";

/** @throws Refusal for a lock under which rows are changed: nobody else was to write between these statements */
function refuseLocked(sql: string, file: readonly FileOperation[]): void {
  if (!file.some(changesRows)) return;
  throw new Refusal(
    `\`${firstLine(sql)}\` keeps others from writing while this file changes rows, and zmigrate holds no lock from one statement to the next: running code goes on writing.`,
    "Leave LOCK TABLE out where the file is right with what is written in between: an UPDATE that brings old rows to what the code that runs already writes, say. Otherwise run it in a maintenance window.",
  );
}

const firstLine = (sql: string): string => sql.split("\n", 1)[0]?.slice(0, 80) ?? "";

/** The engine knows that each of its settings may be left out. */
function isLeftOut({ detail }: OtherOperation, { leavesOut }: Pick<Engine, "leavesOut">, before: readonly Setting[]) {
  if (detail?.kind !== "set-variables" || leavesOut === undefined || detail.settings.length === 0) return false;
  return detail.settings.every((setting, n) => leavesOut(setting, [...before, ...detail.settings.slice(0, n)]));
}

/**
 * Nothing, where it can be left out: all else would change what stands behind it, or would be lost.
 *
 * @throws Refusal
 */
export function leaveOut(
  operation: OtherOperation,
  sql: string,
  { file, ordinal }: Pick<StrategyContext, "file" | "ordinal">,
  engine: Pick<Engine, "leavesOut">,
): Phased {
  const leftOut = (why: string): Phased => {
    return { steps: [], retires: [], gates: [], notes: [`\`${firstLine(sql)}\` is left out: ${why}.`] };
  };
  if (operation.harmless && (LEFT_OUT.has(operation.what) || OWN_SETTINGS.test(sql)))
    return leftOut("zmigrate sets transactions and timeouts itself");
  const before = settingsOf(file.slice(0, ordinal - 1).map((f) => f.operation));
  if (isOfDump(operation) || (operation.harmless && isLeftOut(operation, engine, before)))
    return leftOut("the steps of a file do not all run in one session");
  if (constraintsSet(operation) === "immediate")
    return leftOut("what is deferred is checked at the latest when a step commits, before the next one begins");
  if (constraintsSet(operation) === "deferred")
    throw new Refusal(
      `\`${firstLine(sql)}\` is over with its transaction, and each step, and each batch of rows, has one of its own.`,
      "Make the constraint INITIALLY DEFERRED in an earlier migration, or write changes of rows so that each row keeps to it, and leave SET CONSTRAINTS out.",
    );
  if (operation.detail?.kind === "lock-tables" && operation.what === "lock") {
    refuseLocked(sql, file);
    return leftOut("each step takes the lock that it needs, for as long as it needs it");
  }
  if (operation.what === "set")
    throw new Refusal(
      `\`${firstLine(sql)}\` changes what the statements behind it mean, and the steps of a file do not all run in one session.`,
      "Write the statements behind it so that they mean the same without it, names with their schema, and leave the SET out.",
    );
  return notYet(null, operation);
}
