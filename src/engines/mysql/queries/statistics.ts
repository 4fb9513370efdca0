import { ZmigrateError } from "../../../errors.js";
import type { Session, StatisticsText } from "../../engine.js";

const TEXTS = `SELECT digest AS id, digest_text AS text FROM performance_schema.events_statements_summary_by_digest
  WHERE schema_name = DATABASE() OR digest IS NULL ORDER BY count_star DESC, digest`;

/**
 * The digests of performance_schema for this database, the most frequent first; nothing is written. What the server had
 * no room for (`performance_schema_digests_size`) is one entry without a text: some queries are not known.
 *
 * @throws ZmigrateError not-available where the server keeps none
 */
export async function statistics(session: Session): Promise<readonly StatisticsText[]> {
  const [row] = await session.query<{ kept: number }>("SELECT @@performance_schema AS kept");
  if (Number(row?.kept) !== 1)
    throw new ZmigrateError("not-available", {
      what: "The server keeps no statistics of statements: performance_schema is off.",
      help: "Start it with performance_schema=ON; or name a folder of .sql files or an export.",
    });
  const rows = await session.query<{ id: string | null; text: string | null }>(TEXTS);
  return rows.map(({ id, text }) => ({ id: id?.slice(0, 12) ?? "without a digest", text }));
}
