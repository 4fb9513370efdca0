import type { Blocker, Session } from "../../engine.js";
import { CONFLICTS } from "./conflicts.js";
import { IS_OF_PREPARED, PREPARED_COLUMNS, type PreparedRow, toPreparedBlocker } from "./prepared.js";
import { withoutConstants } from "./without-constants.js";

/** "zmigrate" in ASCII, cut to a bigint: the same on every database, and locks are per database. */
const RUNNER_LOCK = 8820702;
const RUNNER_LOCK_SPACE = 7955301;

/**
 * Tries the session lock once. It must never be waited for on the server: a session that waits for an advisory lock
 * holds a snapshot, and CREATE INDEX CONCURRENTLY of the holder waits for that snapshot.
 */
export async function tryRunnerLock(session: Session): Promise<boolean> {
  const [row] = await session.query<{ locked: boolean }>(
    "SELECT pg_catalog.pg_try_advisory_lock($1::int, $2::int) AS locked",
    [RUNNER_LOCK_SPACE, RUNNER_LOCK],
  );
  return row?.locked === true;
}

/** `pid 123, deploy@10.0.0.5, zmigrate apply, for 12 s` */
export async function runnerLockHolder(session: Session): Promise<string | null> {
  const [row] = await session.query<{
    pid: number;
    user: string | null;
    address: string | null;
    application: string | null;
    seconds: string | null;
  }>(
    `SELECT l.pid, a.usename::text AS user, COALESCE(a.client_addr::text, 'local') AS address, a.application_name AS application,
            pg_catalog.floor(EXTRACT(epoch FROM pg_catalog.clock_timestamp() - a.backend_start))::text AS seconds
     FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
     WHERE l.locktype = 'advisory' AND l.granted AND l.classid = $1::bigint::oid AND l.objid = $2::bigint::oid
       AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())`,
    [RUNNER_LOCK_SPACE, RUNNER_LOCK],
  );
  if (row === undefined) return null;
  return `pid ${row.pid}, ${row.user ?? "unknown user"}@${row.address ?? "?"}, ${row.application ?? ""}, connected for ${row.seconds ?? "?"} s`;
}

export interface BlockerRow extends Record<string, unknown> {
  readonly pid: number;
  readonly user: string | null;
  readonly application: string | null;
  readonly age: string | null;
  readonly query: string | null;
}

/** Of `pg_stat_activity a`. */
export const BLOCKER_COLUMNS = `a.pid, a.usename::text AS user, a.application_name AS application, pg_catalog.left(a.query, 200) AS query,
            (EXTRACT(epoch FROM pg_catalog.clock_timestamp() - a.xact_start) * 1000)::bigint::text AS age`;

/** The prepared transactions that hold what a session waits for: pg_blocking_pids has 0 for these. */
const PREPARED = `SELECT DISTINCT ${PREPARED_COLUMNS}
  FROM pg_catalog.pg_locks w
  JOIN pg_catalog.pg_locks l ON l.granted AND l.locktype = w.locktype AND l.database IS NOT DISTINCT FROM w.database
   AND (l.relation, l.page, l.tuple, l.transactionid, l.classid, l.objid, l.objsubid)
       IS NOT DISTINCT FROM (w.relation, w.page, w.tuple, w.transactionid, w.classid, w.objid, w.objsubid)
  JOIN pg_catalog.pg_prepared_xacts p ON ${IS_OF_PREPARED}
  WHERE w.pid = $1 AND NOT w.granted AND $2::jsonb -> w.mode ? l.mode`;

/** The sessions and prepared transactions that a waiting session waits for, with the age of their transactions. */
export async function blockers(observer: Session, waiting: number): Promise<Blocker[]> {
  const rows = await observer.query<BlockerRow>(
    `SELECT ${BLOCKER_COLUMNS}
     FROM pg_catalog.unnest(pg_catalog.pg_blocking_pids($1)) AS b(pid) JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid
     ORDER BY a.xact_start`,
    [waiting],
  );
  const prepared = await observer.query<PreparedRow>(PREPARED, [waiting, JSON.stringify(CONFLICTS)]);
  return [...prepared.map(toPreparedBlocker), ...rows.map(toBlocker)];
}

export const toBlocker = ({ pid, user, application, age, query }: BlockerRow): Blocker => ({
  pid,
  user: user ?? "unknown",
  application: application ?? "",
  ageMs: age === null ? null : Number(age),
  query: withoutConstants(query ?? ""),
});
