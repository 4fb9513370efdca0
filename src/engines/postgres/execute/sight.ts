import { ZmigrateError } from "../../../errors.js";
import type { Step } from "../../../model/step.js";
import type { ServerInfo, Session } from "../../engine.js";
import { quote } from "../names.js";

/** Of a walsender that the role may not look at, everything but its pid is NULL. Logical ones are no replicas of the schema. */
const HIDDEN = `
  SELECT 1 FROM pg_catalog.pg_stat_replication r
   WHERE r.state IS NULL AND NOT EXISTS (
         SELECT FROM pg_catalog.pg_replication_slots s WHERE s.active_pid = r.pid AND s.slot_type = 'logical')
   LIMIT 1`;

/**
 * A backfill that may not see how far a replica is waits without an end: it must be able to, before anything is changed.
 *
 * @throws ZmigrateError missing-privilege while there is a replica whose position is hidden
 */
export async function mustSeeReplicas(session: Session, server: ServerInfo, steps: readonly Step[]): Promise<void> {
  if (!steps.some((step) => step.backfill !== null)) return;
  const [hidden] = await session.query(HIDDEN);
  if (hidden === undefined) return;
  throw new ZmigrateError("missing-privilege", {
    user: server.user,
    privilege: "see the replicas whose lag a backfill must watch (their columns of pg_stat_replication are hidden)",
    object: server.target,
    grant: `GRANT pg_monitor TO ${quote(server.user)}`,
  });
}
