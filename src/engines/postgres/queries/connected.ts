import type { ConnectedSessions, Session } from "../../engine.js";

/** Of other roles' sessions, too, the name may be read by all. */
const NAMES = `
  SELECT application_name AS application, pg_catalog.count(*)::int AS sessions FROM pg_catalog.pg_stat_activity
   WHERE datname = pg_catalog.current_database() AND backend_type = 'client backend' AND application_name <> ''
   GROUP BY 1 ORDER BY 1`;

/** The sessions of this database, by the name that they give themselves (`application_name`). */
export const connectedSessions = (session: Session): Promise<readonly ConnectedSessions[]> =>
  session.query<{ application: string; sessions: number }>(NAMES);
