import type { ConnectedSessions, Session } from "../../engine.js";
import { mustKeep } from "./statistics.js";

const NAMES = `
  SELECT a.ATTR_VALUE AS application, COUNT(*) AS sessions FROM performance_schema.session_connect_attrs a
    JOIN performance_schema.threads t ON t.PROCESSLIST_ID = a.PROCESSLIST_ID
   WHERE a.ATTR_NAME = 'program_name' AND a.ATTR_VALUE <> '' AND (t.PROCESSLIST_DB IS NULL OR t.PROCESSLIST_DB = DATABASE())
   GROUP BY a.ATTR_VALUE ORDER BY a.ATTR_VALUE`;

/**
 * The sessions of this database, by the name that they give themselves (the attribute `program_name`).
 *
 * @throws ZmigrateError not-available where the server keeps none
 */
export async function connectedSessions(session: Session): Promise<readonly ConnectedSessions[]> {
  await mustKeep(session, "names of sessions");
  const rows = await session.query<{ application: string; sessions: string }>(NAMES);
  return rows.map(({ application, sessions }) => ({ application, sessions: Number(sessions) }));
}
