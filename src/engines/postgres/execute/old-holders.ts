import type { Lock } from "../../../model/effect.js";
import type { Blocker, Session } from "../../engine.js";
import { quoteRelation } from "../names.js";
import { BLOCKER_COLUMNS, type BlockerRow, toBlocker } from "./lock.js";

/** Table locks as pg_locks calls them, the weakest first. */
const HELD = [
  "AccessShareLock",
  "RowShareLock",
  "RowExclusiveLock",
  "ShareUpdateExclusiveLock",
  "ShareLock",
  "ShareRowExclusiveLock",
  "ExclusiveLock",
  "AccessExclusiveLock",
];

/** What each of the stronger ones waits for: the manual's table of conflicts. */
const WAITS_FOR: Readonly<Record<string, readonly string[]>> = Object.freeze({
  "ACCESS EXCLUSIVE": HELD,
  EXCLUSIVE: HELD.slice(1),
  "SHARE ROW EXCLUSIVE": HELD.slice(2),
  SHARE: HELD.slice(2).filter((held) => held !== "ShareLock"),
});

/** Autovacuum gives way by itself to who waits for it. */
const SQL = `SELECT ${BLOCKER_COLUMNS}
  FROM pg_catalog.pg_stat_activity a
  WHERE a.xact_start <= pg_catalog.clock_timestamp() - $2::bigint * interval '1 millisecond'
    AND a.backend_type <> 'autovacuum worker' AND a.pid <> ALL ($3::int[])
    AND EXISTS (
      SELECT 1 FROM pg_catalog.pg_locks l
      JOIN ROWS FROM (pg_catalog.json_to_recordset($1::json) AS (name text, modes json)) AS w ON l.relation = pg_catalog.to_regclass(w.name)
      WHERE l.pid = a.pid AND l.granted AND l.locktype = 'relation'
        AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
        AND w.modes::jsonb ? l.mode)
  ORDER BY a.xact_start`;

/**
 * The sessions in whose transactions, older than that, something is locked that these locks would wait for.
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
  const rows = await observer.query<BlockerRow>(SQL, [JSON.stringify(wanted), Math.round(olderThanMs), [...own]]);
  return rows.map(toBlocker);
}
