import type { Connection, RowDataPacket } from "mysql2/promise";
import { OWN_MODE } from "../server-mode.js";

/**
 * Seconds that a session of ours may be idle: a backfill's runner sits on its lock for as long as the backfill runs. The
 * most that a server on Windows takes, which is the least of all; a client that is gone is noticed by TCP long before.
 */
const IDLE_SECONDS = 2_147_483;

/** Seconds that one packet may take to come or go, on a slow line too. */
const NET_SECONDS = 600;

const NO_LIMIT = "18446744073709551615";

/** Waits for locks outside a step or batch, which sets its own: seconds, as the servers have them by default. */
const LOCKS = Object.freeze({ lock_wait_timeout: "86400", innodb_lock_wait_timeout: "50" });

/** MySQL limits reads only (max_execution_time), MariaDB every statement (max_statement_time). */
const STATEMENT = Object.freeze({ max_execution_time: "0", max_statement_time: "0.000000" });

/**
 * What every session of ours relies on, as SHOW VARIABLES prints it, whatever the server's, the user's or init_connect's
 * idea is.
 */
const WANTED: Readonly<Record<string, string>> = Object.freeze({
  ...LOCKS,
  ...STATEMENT,
  autocommit: "ON",
  completion_type: "NO_CHAIN",
  sql_mode: OWN_MODE,
  time_zone: "+00:00",
  foreign_key_checks: "ON",
  unique_checks: "ON",
  check_constraint_checks: "ON",
  sql_safe_updates: "OFF",
  sql_auto_is_null: "OFF",
  sql_big_selects: "ON",
  sql_select_limit: NO_LIMIT,
  max_join_size: NO_LIMIT,
  group_concat_max_len: "1048576",
  sql_quote_show_create: "ON",
  sql_if_exists: "OFF",
  sql_log_bin: "ON",
  wait_timeout: String(IDLE_SECONDS),
  interactive_timeout: String(IDLE_SECONDS),
  net_read_timeout: String(NET_SECONDS),
  net_write_timeout: String(NET_SECONDS),
  idle_transaction_timeout: "0",
  idle_readonly_transaction_timeout: "0",
  idle_write_transaction_timeout: "0",
});

/** With 0 of these the server counts no warning, and a batch would not see a value that was cut. */
const WARNINGS = "max_error_count";

/** The driver speaks utf8mb4; a server or init_connect may have been told otherwise. */
const CHARSETS = ["character_set_client", "character_set_connection", "character_set_results"] as const;

const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(", ");

/** Numbers and names of switches bare, texts quoted. */
const literal = (value: string): string => (/^(?:[\d.]+|ON|OFF|NO_CHAIN)$/.test(value) ? value : `'${value}'`);

const assignments = (wanted: readonly (readonly [string, string])[]): string =>
  wanted.map(([name, value]) => `${name} = ${literal(value)}`).join(", ");

/** On MySQL this asks for SESSION_VARIABLES_ADMIN. @throws Error */
async function countWarnings(connection: Connection): Promise<void> {
  await connection.query(`SET SESSION ${WARNINGS} = 64`).catch((cause: unknown) => {
    const why = "no warning of a batch would be seen, and this user may not change it";
    throw new Error(`${WARNINGS} is 0 there: ${why}; SET GLOBAL ${WARNINGS} = 64`, { cause });
  });
}

/**
 * Makes a new connection what every statement of ours relies on. Only what differs is set: some of it asks for a
 * privilege, and neither server has all of it. A limit on rows would cut the list of variables, so that goes first.
 *
 * @throws the server's error
 */
export async function settle(connection: Connection): Promise<void> {
  const names = quoted([...Object.keys(WANTED), WARNINGS, ...CHARSETS]);
  const [[, rows = []]] = await connection.query<RowDataPacket[][]>(
    `SET SESSION sql_select_limit = ${NO_LIMIT}; SHOW SESSION VARIABLES WHERE Variable_name IN (${names})`,
  );
  const now = new Map(rows.map((row) => [String(row.Variable_name).toLowerCase(), String(row.Value)]));
  const differing = Object.entries(WANTED).filter(([name, value]) => now.has(name) && now.get(name) !== value);
  const transactions = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE";
  await connection.query(
    differing.length > 0 ? `SET SESSION ${assignments(differing)}; ${transactions}` : transactions,
  );
  if (now.get(WARNINGS) === "0") await countWarnings(connection);
  if (CHARSETS.some((name) => now.get(name) !== "utf8mb4")) await connection.query("SET NAMES utf8mb4");
}

/** Takes back what a step's limits and statements have changed. */
export function resetStatement(dialect: "mysql" | "mariadb"): string {
  const own =
    dialect === "mysql" ? { max_execution_time: "0" } : { max_statement_time: "0", check_constraint_checks: "ON" };
  return `SET SESSION ${assignments(Object.entries({ ...LOCKS, ...own, foreign_key_checks: "ON", sql_mode: OWN_MODE }))}`;
}
