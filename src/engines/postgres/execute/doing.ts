import type { Session } from "../../engine.js";

const DOING = `SELECT COALESCE(wait_event_type || ': ' || wait_event, 'running') AS what
  FROM pg_catalog.pg_stat_activity WHERE pid = $1 AND state NOT IN ('idle', 'idle in transaction')`;

/** What the server is about for a session, for people: `Lock: transactionid`; null where it is idle or gone. */
export async function doing(observer: Session, id: number): Promise<string | null> {
  const [row] = await observer.query<{ what: string }>(DOING, [id]);
  return row?.what ?? null;
}
