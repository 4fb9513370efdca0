import type { Blocker, ServerInfo, Session } from "../../engine.js";
import { TRANSACTION_AGE_MS } from "../transaction-age.js";
import { preparedHolders } from "./prepared.js";

/**
 * Transactions of InnoDB without a session: those that are prepared. Measured: on MySQL from PREPARE on, though the session
 * is still there; on MariaDB when that has gone. The metadata lock of one belongs, on MySQL, to the thread that was its
 * session's, or after a restart to the server's own; its locks in InnoDB say the table in each case.
 */
const SESSIONLESS = `SELECT t.trx_id AS id, ${TRANSACTION_AGE_MS} AS age FROM information_schema.INNODB_TRX t WHERE t.trx_mysql_thread_id = 0`;

/** Which of some transactions hold something that a session waits for. */
const WAITED_FOR = `SELECT d.ENGINE_TRANSACTION_ID AS id FROM performance_schema.data_locks d
    JOIN performance_schema.metadata_locks w ON w.LOCK_STATUS = 'PENDING' AND w.OBJECT_SCHEMA = d.OBJECT_SCHEMA AND w.OBJECT_NAME = d.OBJECT_NAME
    JOIN performance_schema.threads me ON me.THREAD_ID = w.OWNER_THREAD_ID
    WHERE d.ENGINE_TRANSACTION_ID IN (?) AND d.LOCK_TYPE = 'TABLE' AND me.PROCESSLIST_ID = ?
  UNION
  SELECT d.BLOCKING_ENGINE_TRANSACTION_ID FROM performance_schema.data_lock_waits d
    JOIN performance_schema.threads me ON me.THREAD_ID = d.REQUESTING_THREAD_ID
    WHERE d.BLOCKING_ENGINE_TRANSACTION_ID IN (?) AND me.PROCESSLIST_ID = ?`;

/** Which of some transactions have written to some tables. @param which tables, of `data_locks d` */
const writers = (which: string) => `SELECT DISTINCT d.ENGINE_TRANSACTION_ID AS id FROM performance_schema.data_locks d
  WHERE d.ENGINE_TRANSACTION_ID IN (?) AND d.LOCK_TYPE = 'TABLE' AND ${which}`;

/**
 * The threads whose prepared transactions hold the metadata lock of a table that InnoDB does not know them to use. Measured:
 * to InnoDB a branch that has written nothing is over when it is prepared, but it keeps its metadata locks. They belong to
 * the thread that was its session's, which is gone, or has begun no other transaction yet. 0 is a thread that the server
 * does not watch.
 *
 * @param held what is held, of `metadata_locks g`
 */
const readers = (held: string) => `SELECT DISTINCT g.OWNER_THREAD_ID AS thread FROM performance_schema.metadata_locks g
  LEFT JOIN performance_schema.threads p ON p.THREAD_ID = g.OWNER_THREAD_ID
  LEFT JOIN performance_schema.events_transactions_current x ON x.THREAD_ID = g.OWNER_THREAD_ID
  WHERE g.LOCK_STATUS = 'GRANTED' AND g.LOCK_DURATION = 'TRANSACTION' AND g.OBJECT_TYPE = 'TABLE' AND g.OWNER_THREAD_ID > 0
    AND (p.THREAD_ID IS NULL OR (x.STATE = 'ACTIVE' AND x.XA_STATE = 'PREPARED')) AND ${held}
    AND NOT EXISTS (SELECT 1 FROM performance_schema.data_locks d
      WHERE d.THREAD_ID = g.OWNER_THREAD_ID AND d.ENGINE_TRANSACTION_ID IN (?))`;

const READERS_WAITED_FOR = readers(`EXISTS (SELECT 1 FROM performance_schema.metadata_locks w
      JOIN performance_schema.threads me ON me.THREAD_ID = w.OWNER_THREAD_ID
      WHERE w.LOCK_STATUS = 'PENDING' AND w.OBJECT_TYPE = g.OBJECT_TYPE AND w.OBJECT_SCHEMA = g.OBJECT_SCHEMA
        AND w.OBJECT_NAME = g.OBJECT_NAME AND me.PROCESSLIST_ID = ?)`);

const [WRITERS_USING, READERS_USING] = [
  writers("(d.OBJECT_SCHEMA, d.OBJECT_NAME) IN (?)"),
  readers("(g.OBJECT_SCHEMA, g.OBJECT_NAME) IN (?)"),
];
const [WRITERS_IN, READERS_IN] = [writers("d.OBJECT_SCHEMA = ?"), readers("g.OBJECT_SCHEMA = ?")];

/** A transaction of InnoDB. */
interface Transaction {
  readonly id: string;
  readonly age: string | null;
}

/** What is asked about prepared transactions, and with which values. */
interface Question {
  /** Which of these transactions of InnoDB hold it. */
  holding(ids: readonly string[]): [sql: string, params: readonly unknown[]];
  /** The threads of those that only read it, but for those of these transactions. */
  reading(but: readonly string[]): [sql: string, params: readonly unknown[]];
  /** How old those have to be whose age is known, milliseconds. */
  readonly olderThanMs: number;
}

const ageOf = ({ age }: Transaction): number | null => (age === null ? null : Number(age));

/** MySQL's prepared XA transactions that hold something, as holders. Nobody says since when one that only read is prepared. */
async function prepared(observer: Session, server: ServerInfo, question: Question): Promise<Blocker[]> {
  const all = await observer.query<Transaction>(SESSIONLESS);
  const old = all.filter((one) => (ageOf(one) ?? 0) >= question.olderThanMs);
  const ask = <R extends object>([sql, params]: [string, readonly unknown[]]) => observer.query<R>(sql, params);
  const holding = old.length === 0 ? [] : await ask<{ id: string }>(question.holding(old.map(({ id }) => id)));
  const found = new Set(holding.map(({ id }) => String(id)));
  const wrote = old.filter(({ id }) => found.has(String(id)));
  const told = all.filter((one) => wrote.includes(one) || !old.includes(one)).map(({ id }) => id);
  const read = await ask<{ thread: string }>(question.reading(["0", ...told]));
  return preparedHolders(observer, server, [...wrote.map(ageOf), ...read.map(() => null)]);
}

/** MySQL's prepared XA transactions that a waiting connection waits for. */
export const preparedInTheWayOf = (observer: Session, waiting: number, server: ServerInfo): Promise<Blocker[]> =>
  prepared(observer, server, {
    holding: (ids) => [WAITED_FOR, [ids, waiting, ids, waiting]],
    reading: (but) => [READERS_WAITED_FOR, [waiting, but]],
    olderThanMs: 0,
  });

/** MySQL's prepared XA transactions that have used one of some tables, each a schema and a name, and are as old or of unknown age. */
export const preparedUsing = (
  observer: Session,
  server: ServerInfo,
  tables: readonly (readonly string[])[],
  olderThanMs: number,
): Promise<Blocker[]> =>
  prepared(observer, server, {
    holding: (ids) => [WRITERS_USING, [ids, tables]],
    reading: (but) => [READERS_USING, [tables, but]],
    olderThanMs,
  });

/** MySQL's prepared XA transactions that have used a table of this database. */
export const preparedHere = (observer: Session, server: ServerInfo): Promise<Blocker[]> =>
  prepared(observer, server, {
    holding: (ids) => [WRITERS_IN, [ids, server.database]],
    reading: (but) => [READERS_IN, [server.database, but]],
    olderThanMs: 0,
  });
