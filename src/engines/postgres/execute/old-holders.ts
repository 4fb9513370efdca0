import type { Lock } from "../../../model/effect.js";
import type { Blocker, Session } from "../../engine.js";
import { quoteRelation } from "../names.js";
import { CONFLICTS } from "./conflicts.js";
import { BLOCKER_COLUMNS, type BlockerRow, toBlocker } from "./lock.js";
import { IS_OF_PREPARED, PREPARED_COLUMNS, type PreparedRow, toPreparedBlocker } from "./prepared.js";

/** What the locks that stop others wait for. */
const WAITS_FOR: Readonly<Record<string, readonly string[]>> = Object.freeze({
  "ACCESS EXCLUSIVE": CONFLICTS.AccessExclusiveLock,
  EXCLUSIVE: CONFLICTS.ExclusiveLock,
  "SHARE ROW EXCLUSIVE": CONFLICTS.ShareRowExclusiveLock,
  SHARE: CONFLICTS.ShareLock,
});

/** Whether something granted, of `pg_locks l`, is in the way of what is wanted. */
const IS_IN_THE_WAY = `l.granted AND l.locktype = 'relation'
        AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
        AND w.modes::jsonb ? l.mode`;

const LOCKS = `pg_catalog.pg_locks l
      JOIN ROWS FROM (pg_catalog.json_to_recordset($1::json) AS (name text, modes json)) AS w ON l.relation = pg_catalog.to_regclass(w.name)`;

/** Autovacuum gives way by itself to who waits for it. */
const SQL = `SELECT ${BLOCKER_COLUMNS}
  FROM pg_catalog.pg_stat_activity a
  WHERE a.xact_start <= pg_catalog.clock_timestamp() - $2::bigint * interval '1 millisecond'
    AND a.backend_type <> 'autovacuum worker' AND a.pid <> ALL ($3::int[])
    AND EXISTS (SELECT 1 FROM ${LOCKS} WHERE l.pid = a.pid AND ${IS_IN_THE_WAY})
  ORDER BY a.xact_start`;

const PREPARED = `SELECT ${PREPARED_COLUMNS}
  FROM pg_catalog.pg_prepared_xacts p
  WHERE p.database = pg_catalog.current_database()
    AND p.prepared <= pg_catalog.clock_timestamp() - $2::bigint * interval '1 millisecond'
    AND EXISTS (SELECT 1 FROM ${LOCKS} WHERE ${IS_OF_PREPARED} AND ${IS_IN_THE_WAY})
  ORDER BY p.prepared`;

/**
 * The sessions, and the prepared transactions, in whose transactions, older than that, something is locked that these locks
 * would wait for.
 *
 * @param own sessions of ours, which are left out
 */
export async function oldHolders(
  observer: Session,
  locks: readonly Lock[],
  olderThanMs: number,
  own: readonly number[],
): Promise<Blocker[]> {
  const wanted = locks.map(({ relation, mode }) => ({
    name: quoteRelation(relation),
    modes: WAITS_FOR[mode] ?? [],
  }));
  const asked = [JSON.stringify(wanted), Math.round(olderThanMs)];
  const prepared = await observer.query<PreparedRow>(PREPARED, asked);
  const sessions = await observer.query<BlockerRow>(SQL, [...asked, [...own]]);
  return [...prepared.map(toPreparedBlocker), ...sessions.map(toBlocker)];
}
