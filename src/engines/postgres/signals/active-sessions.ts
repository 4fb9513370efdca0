import { limitJudge } from "../../limit.js";
import { defineSignal } from "../../signal.js";
import { count } from "../../signal-settings.js";
import { IS_HIDDEN, mustSee } from "./sight.js";

/** Of all databases: they share processors and disks. What has no database is a process of the server's own. */
const ACTIVE = `
  SELECT pg_catalog.count(*) FILTER (WHERE a.state = 'active' AND a.backend_type = 'client backend')::int AS active,
         COALESCE(pg_catalog.bool_or(${IS_HIDDEN}), false) AS hidden
    FROM pg_catalog.pg_stat_activity a
   WHERE a.datname IS NOT NULL AND a.pid <> ALL ($1::int[])`;

/** How many sessions of others are at work. Off by default: what is much is up to the server. */
export const activeSessions = defineSignal({
  name: "activeSessions",
  setting: count,
  open(max, watch) {
    const judge = limitJudge(max);
    return {
      async read() {
        const [row] = await watch.ask((s) =>
          s.query<{ active: number; hidden: boolean }>(ACTIVE, [watch.database.ownSessions()]),
        );
        mustSee(row?.hidden === true, "what other sessions do", watch.database.server);
        const active = row?.active ?? Number.NaN;
        return judge(active, `${active} sessions of others are active (limit ${max})`);
      },
    };
  },
});
