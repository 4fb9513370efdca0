import type { Session } from "../../engine.js";
import { goIf } from "../../reading.js";
import { defineSignal } from "../../signal.js";
import { count } from "../../signal-settings.js";
import { mustSee } from "./sight.js";

/** Physical walsenders: a logical one serves no replica of the schema, a backup none at all. */
const CONNECTED = `
  SELECT COALESCE(pg_catalog.bool_or(r.state IS NULL), false) AS hidden,
         pg_catalog.count(*) FILTER (WHERE r.state = 'streaming')::int AS streaming,
         COALESCE(pg_catalog.string_agg(r.application_name, ', ' ORDER BY r.application_name) FILTER (WHERE r.state = 'streaming'), '') AS names
    FROM pg_catalog.pg_stat_replication r
   WHERE r.state IS DISTINCT FROM 'backup' AND NOT EXISTS (
         SELECT FROM pg_catalog.pg_replication_slots s WHERE s.active_pid = r.pid AND s.slot_type = 'logical')`;

/**
 * How many replicas stream from the primary: fewer than are expected stop. A replica that was never seen has no lag that
 * could be read.
 */
export const expectedReplicas = defineSignal({
  name: "replicas",
  setting: count,
  open: (expected, watch) => ({
    async read() {
      const [row] = await watch.ask((s) => s.query<{ hidden: boolean; streaming: number; names: string }>(CONNECTED));
      mustSee(row?.hidden === true, "the replicas", watch.database.server);
      const streaming = row?.streaming ?? 0;
      const names = streaming === 0 ? "" : `: ${row?.names}`;
      return goIf(streaming >= expected, `${streaming} of ${expected} expected replicas stream${names}`);
    },
  }),
});

/** How many replicas stream; null where this role may not see them. */
export async function knownReplicas(session: Session): Promise<number | null> {
  const [row] = await session.query<{ hidden: boolean; streaming: number }>(CONNECTED);
  return row === undefined || row.hidden ? null : row.streaming;
}
