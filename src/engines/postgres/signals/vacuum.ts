import { show } from "../../../model/name.js";
import { go, stop } from "../../reading.js";
import { defineSignal } from "../../signal.js";
import { on } from "../../signal-settings.js";
import { FAMILY, familyOf } from "./family.js";

/** Which table a VACUUM is at is told only to pg_monitor; whose lock it holds, to everyone. */
const AT_WORK = `
  WITH RECURSIVE ${FAMILY}
  SELECT v.pid FROM pg_catalog.pg_stat_progress_vacuum v
   WHERE EXISTS (
         SELECT FROM pg_catalog.pg_locks l
          WHERE l.pid = v.pid AND l.locktype = 'relation' AND l.granted AND l.mode = 'ShareUpdateExclusiveLock'
            AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
            AND l.relation IN (SELECT f.oid FROM family f
                               UNION ALL SELECT c.reltoastrelid FROM pg_catalog.pg_class c JOIN family f ON f.oid = c.oid))
   LIMIT 1`;

/**
 * Autovacuum, or a VACUUM by hand, at work on the table. Off by default: a backfill leaves so many rows behind that
 * autovacuum comes again and again, and one that prevents wraparound may take days.
 */
export const vacuum = defineSignal({
  name: "vacuum",
  setting: on,
  open: (_, watch) => ({
    async read() {
      const [found] = await watch.ask((s) => s.query<{ pid: number }>(AT_WORK, [familyOf(watch.relation)]));
      const table = show(watch.relation);
      return found === undefined
        ? go(`no vacuum of ${table}`)
        : stop(`a vacuum of ${table} is under way (pid ${found.pid})`);
    },
  }),
});
