import { show } from "../../../model/name.js";
import type { Session } from "../../engine.js";
import { goIf } from "../../reading.js";
import { defineSignal, Unseen, type Watch } from "../../signal.js";
import { on } from "../../signal-settings.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { mustSeeSessions, seeing, statusOf } from "./sight.js";

/** Connections that wait, by id. */
type Waiters = (session: Session, watch: Watch) => Promise<readonly { id: string }[]>;

/** Never empty: `IN ()` is an error. */
const own = (watch: Watch): readonly number[] => [0, ...watch.database.ownSessions()];

const MYSQL_TABLE = `SELECT t.PROCESSLIST_ID AS id FROM performance_schema.metadata_locks w
  JOIN performance_schema.threads t ON t.THREAD_ID = w.OWNER_THREAD_ID
  WHERE w.LOCK_STATUS = 'PENDING' AND w.OBJECT_TYPE = 'TABLE' AND LOWER(w.OBJECT_SCHEMA) = LOWER(COALESCE(?, DATABASE()))
    AND LOWER(w.OBJECT_NAME) = LOWER(?) AND t.PROCESSLIST_ID NOT IN (?)`;

/**
 * Tables of the journal: another process of ours that shares the backfill waits for their rows, for the moment of a commit.
 * Without this exception processes stop each other.
 */
const JOURNAL = "'zmigrate|_%' ESCAPE '|'";

const MYSQL_ROWS = `SELECT DISTINCT r.PROCESSLIST_ID AS id FROM performance_schema.data_lock_waits d
  JOIN performance_schema.threads b ON b.THREAD_ID = d.BLOCKING_THREAD_ID
  JOIN performance_schema.threads r ON r.THREAD_ID = d.REQUESTING_THREAD_ID
  JOIN performance_schema.data_locks l ON l.ENGINE = d.ENGINE AND l.ENGINE_LOCK_ID = d.REQUESTING_ENGINE_LOCK_ID
  WHERE l.OBJECT_NAME NOT LIKE ${JOURNAL} AND b.PROCESSLIST_ID IN (?) AND r.PROCESSLIST_ID NOT IN (?)`;

/** Which table a session waits for is told only by its statement. */
const MARIADB_TABLE = `SELECT p.ID AS id FROM information_schema.PROCESSLIST p
  WHERE p.STATE LIKE 'Waiting for table%lock%' AND p.ID NOT IN (?) AND INSTR(LOWER(p.INFO), LOWER(?)) > 0
    AND (p.DB = COALESCE(?, DATABASE()) OR INSTR(LOWER(p.INFO), LOWER(COALESCE(?, DATABASE()))) > 0)`;

const MARIADB_ROWS = `SELECT DISTINCT r.trx_mysql_thread_id AS id FROM information_schema.INNODB_LOCK_WAITS w
  JOIN information_schema.INNODB_TRX b ON b.trx_id = w.blocking_trx_id
  JOIN information_schema.INNODB_TRX r ON r.trx_id = w.requesting_trx_id
  JOIN information_schema.INNODB_LOCKS l ON l.lock_id = w.requested_lock_id
  WHERE l.lock_table NOT LIKE '%\`zmigrate|_%' ESCAPE '|' AND b.trx_mysql_thread_id IN (?) AND r.trx_mysql_thread_id NOT IN (?)`;

/** Without waiters for rows the server is spared the search for whom they wait for. */
async function rowWaiters(session: Session, watch: Watch, sql: string): Promise<readonly { id: string }[]> {
  if ((await statusOf(session, "Innodb_row_lock_current_waits")) === 0) return [];
  return session.query<{ id: string }>(sql, [own(watch), own(watch)]);
}

const WAITERS: Readonly<Record<MysqlDialect, Waiters>> = {
  mysql: async (session, watch) => [
    ...(await session.query<{ id: string }>(MYSQL_TABLE, [watch.relation.schema, watch.relation.name, own(watch)])),
    ...(await rowWaiters(session, watch, MYSQL_ROWS)),
  ],
  mariadb: async (session, watch) => {
    const { schema, name } = watch.relation;
    return [
      ...(await session.query<{ id: string }>(MARIADB_TABLE, [own(watch), name, schema, schema])),
      ...(await rowWaiters(session, watch, MARIADB_ROWS)),
    ];
  },
};

const INSTRUMENT = "wait/lock/metadata/sql/mdl";

/** MySQL records metadata locks unless somebody turned it off. @throws Unseen */
async function mustRecord(session: Session): Promise<void> {
  const [row] = await session.query<{ enabled: string }>(
    `SELECT IF(@@performance_schema = 1, ENABLED, 'NO') AS enabled FROM performance_schema.setup_instruments WHERE NAME = '${INSTRUMENT}'`,
  );
  if (row?.enabled === "YES") return;
  throw new Unseen(
    "the server does not record who waits for a table",
    `start it with performance_schema=ON and performance-schema-instrument='${INSTRUMENT}=ON'`,
  );
}

const WHAT = "who waits for locks";

/**
 * Sessions that wait for a lock on the table, or for a row that one of ours holds, are let through at once: behind a
 * waiting ALTER TABLE everybody queues. On by default; where a user may not look (it takes a privilege on the server,
 * which few have who own a database) the run says so and goes on without, as it would have to before there was this
 * signal: batches are short, and wait for their own locks no longer than others.
 */
export const lockWaiters = defineSignal({
  name: "lockWaiters",
  setting: on,
  byDefault: true,
  open(_, watch) {
    const dialect = watch.database.server.engine as MysqlDialect;
    const grant = dialect === "mysql" ? "SELECT ON performance_schema.*" : "PROCESS ON *.*";
    let sighted = false;
    const see = async () => {
      if (dialect === "mariadb") await mustSeeSessions(watch);
      else await seeing(watch, WHAT, grant, mustRecord);
      sighted = true;
    };
    return {
      async read() {
        if (!sighted) await see();
        const waiters = await seeing(watch, WHAT, grant, (session) => WAITERS[dialect](session, watch));
        const who = waiters.map(({ id }) => `connection ${id}`).join(", ");
        const where = `for a lock on ${show(watch.relation)} or behind this backfill`;
        return goIf(waiters.length === 0, who === "" ? `nobody waits ${where}` : `others wait ${where}: ${who}`);
      },
    };
  },
});
