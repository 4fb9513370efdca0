import { show } from "../../../model/name.js";
import { goIf } from "../../reading.js";
import { defineSignal } from "../../signal.js";
import { on } from "../../signal-settings.js";
import { FAMILY, familyOf } from "./family.js";

interface Waiter {
  readonly pid: number;
  readonly mode: string;
}

/**
 * Who waits for the whole table in a mode that writes conflict with, or that waits behind one: our next batch would queue
 * behind them. And who waits for one of our sessions, for whatever. Who waits for a row that another application holds is
 * not helped by our stopping. Another process of ours that shares the backfill waits for rows of the journal, for the
 * moment of a commit: without this exception processes stop each other. pg_locks shows its rows to everyone, and
 * pg_stat_activity its application names.
 */
const WAITERS = `
  WITH RECURSIVE ${FAMILY},
  waiting AS MATERIALIZED (
    SELECT w.pid, w.mode, w.locktype = 'relation' AND w.mode <> 'ShareUpdateExclusiveLock'
           AND w.relation IN (SELECT f.oid FROM family f)
           AND w.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()) AS on_table
      FROM pg_catalog.pg_locks w
     WHERE NOT w.granted AND w.pid <> ALL ($2::int[]))
  SELECT w.pid, w.mode FROM waiting w
   WHERE w.on_table OR (pg_catalog.pg_blocking_pids(w.pid) && $2::int[] AND NOT EXISTS (
           SELECT FROM pg_catalog.pg_stat_activity a WHERE a.pid = w.pid AND a.application_name LIKE 'zmigrate %'))
   ORDER BY w.pid`;

/**
 * Sessions that wait for a lock on the table, or for one of ours, are let through at once. On by default: it takes no
 * privilege, and what waits there is an application's statement, or the queue that a schema change makes.
 */
export const lockWaiters = defineSignal({
  name: "lockWaiters",
  setting: on,
  byDefault: true,
  open: (_, watch) => ({
    async read() {
      const waiters = await watch.ask((s) =>
        s.query<Waiter>(WAITERS, [familyOf(watch.relation), watch.database.ownSessions()]),
      );
      const who = waiters.map(({ pid, mode }) => `pid ${pid} (${mode})`).join(", ");
      const where = `for a lock on ${show(watch.relation)} or behind this backfill`;
      return goIf(waiters.length === 0, who === "" ? `nobody waits ${where}` : `others wait ${where}: ${who}`);
    },
  }),
});
