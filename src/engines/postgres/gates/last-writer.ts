import type { OldWriter, Session } from "../../engine.js";
import { clockOf, writersOf } from "../triggers/writers.js";

/** Who has last written the old side alone. What a transaction that was rolled back wrote has a time, and nobody's name. */
export async function lastWriter(session: Session, writers: string): Promise<OldWriter | null> {
  const [row] = await session.query<{ ago: number; application: string | null; role: string | null }>(
    `SELECT pg_catalog.floor(pg_catalog.date_part('epoch', pg_catalog.clock_timestamp()) - c.last_value)::float8 AS ago, w.application, w.role
     FROM ${clockOf(writers)} c LEFT JOIN LATERAL (SELECT * FROM ${writersOf(writers)} WHERE at >= c.last_value LIMIT 1) w ON true
     WHERE c.is_called`,
  );
  if (row === undefined) return null;
  const { ago, application, role } = row;
  const who = role === null ? null : application === "" ? `role ${role}` : `${application} (role ${role})`;
  return { secondsAgo: Math.max(0, Number(ago)), who };
}
