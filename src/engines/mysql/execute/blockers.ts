import type { Lock } from "../../../model/effect.js";
import type { Blocker, ServerInfo, Session } from "../../engine.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { TRANSACTION_AGE_MS } from "../transaction-age.js";
import { preparedHolders } from "./prepared.js";
import { preparedInTheWayOf, preparedUsing } from "./prepared-holding.js";
import { withoutConstants } from "./without-constants.js";

interface BlockerRow {
  readonly pid: string;
  readonly user: string | null;
  readonly application: string | null;
  readonly age: string | null;
  readonly query: string | null;
}

const COLUMNS = `p.PROCESSLIST_ID AS pid, p.PROCESSLIST_USER AS user, a.ATTR_VALUE AS application,
  ${TRANSACTION_AGE_MS} AS age, LEFT(COALESCE(p.PROCESSLIST_INFO, s.SQL_TEXT, ''), 200) AS query`;

/** What a prepared XA transaction holds belongs, after a restart, to a thread of the server's own. */
const JOINS = `JOIN performance_schema.threads p ON p.THREAD_ID = b.thread_id AND p.PROCESSLIST_ID IS NOT NULL
  LEFT JOIN performance_schema.session_connect_attrs a ON a.PROCESSLIST_ID = p.PROCESSLIST_ID AND a.ATTR_NAME = 'program_name'
  LEFT JOIN performance_schema.events_statements_current s ON s.THREAD_ID = b.thread_id
  LEFT JOIN information_schema.INNODB_TRX t ON t.trx_mysql_thread_id = p.PROCESSLIST_ID`;

/** MySQL records metadata and row locks in performance_schema, which is on unless somebody turned it off. */
const MYSQL = `SELECT DISTINCT ${COLUMNS} FROM (
    SELECT g.OWNER_THREAD_ID AS thread_id
    FROM performance_schema.threads me
    JOIN performance_schema.metadata_locks w ON w.OWNER_THREAD_ID = me.THREAD_ID AND w.LOCK_STATUS = 'PENDING'
    JOIN performance_schema.metadata_locks g ON g.OBJECT_TYPE = w.OBJECT_TYPE AND g.OBJECT_SCHEMA <=> w.OBJECT_SCHEMA
      AND g.OBJECT_NAME <=> w.OBJECT_NAME AND g.LOCK_STATUS = 'GRANTED' AND g.OWNER_THREAD_ID <> w.OWNER_THREAD_ID
    WHERE me.PROCESSLIST_ID = ?
    UNION
    SELECT d.BLOCKING_THREAD_ID FROM performance_schema.data_lock_waits d
    JOIN performance_schema.threads me ON me.THREAD_ID = d.REQUESTING_THREAD_ID WHERE me.PROCESSLIST_ID = ?
  ) b ${JOINS} ORDER BY age DESC`;

/** Transactions that have used a table, whose metadata lock they hold. */
const OLD = `SELECT DISTINCT ${COLUMNS} FROM (
    SELECT g.OWNER_THREAD_ID AS thread_id FROM performance_schema.metadata_locks g
    WHERE g.LOCK_STATUS = 'GRANTED' AND g.OBJECT_TYPE = 'TABLE'
      AND (g.OBJECT_SCHEMA, g.OBJECT_NAME) IN (?)
  ) b ${JOINS} WHERE t.trx_id IS NOT NULL AND p.PROCESSLIST_ID NOT IN (?) AND ${TRANSACTION_AGE_MS} >= ? ORDER BY age DESC`;

/** MariaDB: row locks by InnoDB. Who holds a metadata lock is told only by a plugin that is seldom loaded. */
const MARIADB_ROWS = `SELECT t.trx_mysql_thread_id AS pid, p.USER AS user, NULL AS application,
    ${TRANSACTION_AGE_MS} AS age, LEFT(COALESCE(p.INFO, t.trx_query, ''), 200) AS query
  FROM information_schema.INNODB_LOCK_WAITS w
  JOIN information_schema.INNODB_TRX me ON me.trx_id = w.requesting_trx_id AND me.trx_mysql_thread_id = ?
  JOIN information_schema.INNODB_TRX t ON t.trx_id = w.blocking_trx_id
  LEFT JOIN information_schema.PROCESSLIST p ON p.ID = t.trx_mysql_thread_id`;

/** Without the plugin: every open transaction may be the one, oldest first; and statements that run in this database. */
const MARIADB_SUSPECTS = `SELECT p.ID AS pid, p.USER AS user, NULL AS application,
    ${TRANSACTION_AGE_MS} AS age, LEFT(COALESCE(p.INFO, ''), 200) AS query
  FROM information_schema.PROCESSLIST me
  JOIN information_schema.PROCESSLIST p ON p.ID <> me.ID AND p.ID <> CONNECTION_ID() AND p.DB <=> me.DB
  LEFT JOIN information_schema.INNODB_TRX t ON t.trx_mysql_thread_id = p.ID
  WHERE me.ID = ? AND me.STATE LIKE 'Waiting for table%lock%' AND (t.trx_id IS NOT NULL OR (p.COMMAND = 'Query' AND p.STATE NOT LIKE 'Waiting for table%'))
  ORDER BY t.trx_started IS NULL, t.trx_started LIMIT 5`;

const toBlocker = (row: BlockerRow, dialect: MysqlDialect): Blocker => ({
  pid: Number(row.pid),
  user: row.user ?? "unknown",
  application: row.application ?? "",
  ageMs: row.age === null ? null : Number(row.age),
  query: withoutConstants(row.query ?? "", dialect),
});

/** What an idle session ran last, where performance_schema is on (on MariaDB it is off by default). */
const LAST = `SELECT t.PROCESSLIST_ID AS pid, LEFT(s.SQL_TEXT, 200) AS query FROM performance_schema.threads t
  JOIN performance_schema.events_statements_current s ON s.THREAD_ID = t.THREAD_ID WHERE t.PROCESSLIST_ID IN (?)`;

type Ask = <R extends object>(sql: string, params: readonly unknown[]) => Promise<R[]>;

async function withLastStatements(rows: readonly BlockerRow[], ask: Ask): Promise<BlockerRow[]> {
  const idle = rows.filter((row) => (row.query ?? "") === "").map((row) => row.pid);
  const known = idle.length === 0 ? [] : await ask<{ pid: string; query: string }>(LAST, [idle]);
  const last = new Map(known.map((row) => [String(row.pid), row.query]));
  return rows.map((row) => ((row.query ?? "") === "" ? { ...row, query: last.get(String(row.pid)) ?? IDLE } : row));
}

const IDLE = "(idle in its transaction; performance_schema is off, so its last statement is not known)";

/**
 * Whom a waiting connection waits for. It decorates a retry and decides nothing: without the right to look, nobody is
 * named.
 */
export async function blockers(observer: Session, waiting: number, server: ServerInfo): Promise<Blocker[]> {
  const ask = <R extends object>(sql: string, params: readonly unknown[]) =>
    observer.query<R>(sql, params).catch((): R[] => []);
  if (server.engine === "mysql") {
    const sessions = await ask<BlockerRow>(MYSQL, [waiting, waiting]);
    const xa = await preparedInTheWayOf(observer, waiting, server).catch(() => []);
    return [...xa, ...sessions.map((row) => toBlocker(row, "mysql"))];
  }
  const rows = await ask<BlockerRow>(MARIADB_ROWS, [waiting]);
  const found = rows.length > 0 ? rows : await ask<BlockerRow>(MARIADB_SUSPECTS, [waiting]);
  const [sessionless, sessions] = [found.filter(isSessionless), found.filter((row) => !isSessionless(row))];
  const ages = sessionless.map(({ age }) => (age === null ? null : Number(age)));
  const xa = await preparedHolders(observer, server, ages).catch(() => []);
  return [...xa, ...(await withLastStatements(sessions, ask)).map((row) => toBlocker(row, "mariadb"))];
}

const isSessionless = ({ pid }: BlockerRow): boolean => Number(pid) === 0;

/**
 * The connections and prepared XA transactions in which, longer ago than that, a table was used that these locks are about:
 * MySQL. Any use of it is in the way of a change. Without the right to look, nobody is named.
 *
 * @param own connections of ours, which are left out
 */
export async function oldHolders(
  observer: Session,
  server: ServerInfo,
  locks: readonly Lock[],
  olderThanMs: number,
  own: readonly number[],
): Promise<Blocker[]> {
  const tables = locks.map(({ relation }) => [relation.schema ?? server.database, relation.name]);
  const xa = await preparedUsing(observer, server, tables, olderThanMs).catch(() => []);
  const rows = await observer.query<BlockerRow>(OLD, [tables, [observer.id, ...own], olderThanMs]).catch(() => []);
  return [...xa, ...rows.map((row) => toBlocker(row, "mysql"))];
}
