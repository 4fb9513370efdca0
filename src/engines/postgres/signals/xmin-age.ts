import { limitJudge } from "../../limit.js";
import { go } from "../../reading.js";
import { defineSignal } from "../../signal.js";
import { count } from "../../signal-settings.js";
import { IS_HIDDEN, mustSee } from "./sight.js";

interface Horizon {
  readonly hidden: boolean;
  readonly what: string | null;
  readonly age: number | null;
}

/** All that holds the horizon of this database's tables: sessions, replicas that report theirs, prepared transactions, slots. */
const HORIZON = `
  WITH sessions AS (
    SELECT a.pid, ${IS_HIDDEN} AS hidden, a.backend_xmin, a.backend_xid
      FROM pg_catalog.pg_stat_activity a
     WHERE a.datname = pg_catalog.current_database() AND a.pid <> ALL ($1::int[])
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_vacuum v WHERE v.pid = a.pid)),
  replicas AS (
    SELECT r.application_name, r.state IS NULL AS hidden, r.backend_xmin FROM pg_catalog.pg_stat_replication r),
  holders (what, age) AS (
    SELECT 'pid ' || s.pid, GREATEST(pg_catalog.age(s.backend_xmin), pg_catalog.age(s.backend_xid)) FROM sessions s
    UNION ALL SELECT 'replica ' || r.application_name, pg_catalog.age(r.backend_xmin) FROM replicas r
    UNION ALL SELECT 'replication slot ' || l.slot_name, pg_catalog.age(l.xmin) FROM pg_catalog.pg_replication_slots l
    UNION ALL SELECT 'prepared transaction ' || p.gid, pg_catalog.age(p.transaction)
      FROM pg_catalog.pg_prepared_xacts p WHERE p.database = pg_catalog.current_database())
  SELECT COALESCE((SELECT pg_catalog.bool_or(s.hidden) FROM sessions s), false)
      OR COALESCE((SELECT pg_catalog.bool_or(r.hidden) FROM replicas r), false) AS hidden, h.what, h.age
    FROM (SELECT 1) one LEFT JOIN (SELECT * FROM holders WHERE age IS NOT NULL ORDER BY age DESC LIMIT 1) h ON true`;

/**
 * How many transactions ago the xmin horizon stands: what VACUUM cannot remove yet. It also sees what has no age in time:
 * a replica's query (`hot_standby_feedback`) and a slot. Off by default, as `longTransactions` is.
 */
export const xminAge = defineSignal({
  name: "xminAge",
  setting: count,
  open(max, watch) {
    const judge = limitJudge(max);
    return {
      async read() {
        const [row] = await watch.ask((s) => s.query<Horizon>(HORIZON, [watch.database.ownSessions()]));
        mustSee(row?.hidden === true, "what holds the xmin horizon", watch.database.server);
        if (row === undefined || row.age === null) return go("nothing holds the xmin horizon");
        return judge(row.age, `${row.what} holds the xmin horizon, ${row.age} transactions back (limit ${max})`);
      },
    };
  },
});
