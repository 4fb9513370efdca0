import { duration } from "../../../files/duration.js";
import { limitJudge } from "../../limit.js";
import { go } from "../../reading.js";
import { defineSignal } from "../../signal.js";
import { age } from "../../signal-settings.js";
import { IS_HIDDEN, mustSee } from "./sight.js";

interface Oldest {
  readonly hidden: boolean;
  readonly what: string | null;
  readonly ms: number | null;
}

/**
 * Transactions of this database that keep rows from being removed: those with a snapshot or an id of their own, and
 * prepared ones. VACUUM shows a snapshot that holds nobody up.
 */
const OLDEST = `
  WITH sessions AS (
    SELECT a.pid, a.usename, a.application_name, a.xact_start, ${IS_HIDDEN} AS hidden, a.backend_xmin, a.backend_xid
      FROM pg_catalog.pg_stat_activity a
     WHERE a.datname = pg_catalog.current_database() AND a.pid <> ALL ($1::int[])
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_vacuum v WHERE v.pid = a.pid)),
  transactions (what, began) AS (
    SELECT pg_catalog.format('pid %s, %s%s', s.pid, s.usename, COALESCE(', ' || NULLIF(s.application_name, ''), '')), s.xact_start
      FROM sessions s WHERE s.backend_xmin IS NOT NULL OR s.backend_xid IS NOT NULL
    UNION ALL
    SELECT pg_catalog.format('prepared transaction %s of %s', p.gid, p.owner), p.prepared
      FROM pg_catalog.pg_prepared_xacts p WHERE p.database = pg_catalog.current_database())
  SELECT COALESCE((SELECT pg_catalog.bool_or(s.hidden) FROM sessions s), false) AS hidden, t.what,
         (EXTRACT(epoch FROM pg_catalog.clock_timestamp() - t.began) * 1000)::float8 AS ms
    FROM (SELECT 1) one LEFT JOIN (SELECT * FROM transactions ORDER BY began LIMIT 1) t ON true`;

/**
 * The age of the oldest transaction: while it lasts, no row version that a backfill leaves behind is removed, and tables
 * and indexes grow. Off by default: a nightly dump is a long transaction, and what a backfill leaves meanwhile is at most
 * the table once more.
 */
export const longTransactions = defineSignal({
  name: "longTransactions",
  setting: age,
  open(max, watch) {
    const judge = limitJudge(max);
    return {
      async read() {
        const [row] = await watch.ask((s) => s.query<Oldest>(OLDEST, [watch.database.ownSessions()]));
        mustSee(row?.hidden === true, "other sessions' transactions", watch.database.server);
        if (row === undefined || row.ms === null) return go("no other transaction is open");
        return judge(
          row.ms,
          `a transaction has been open for ${duration(row.ms)} (limit ${duration(max)}): ${row.what}`,
        );
      },
    };
  },
});
