import { ZmigrateError } from "../../../errors.js";
import type { Session, StatisticsText, UsedStatements } from "../../engine.js";

const TEXTS = `SELECT digest AS id, digest_text AS text FROM performance_schema.events_statements_summary_by_digest
  WHERE schema_name = DATABASE() OR digest IS NULL ORDER BY count_star DESC, digest`;

const STATEMENTS = "statistics of statements";
const OTHERWISE = "; or name a folder of .sql files or an export";

/**
 * @param what is read
 * @param otherwise another way to it, behind the first
 * @throws ZmigrateError not-available where the server keeps none
 */
export async function mustKeep(session: Session, what: string, otherwise = ""): Promise<void> {
  const [row] = await session.query<{ kept: number }>("SELECT @@performance_schema AS kept");
  if (Number(row?.kept) !== 1)
    throw new ZmigrateError("not-available", {
      what: `The server keeps no ${what}: performance_schema is off.`,
      help: `Start it with performance_schema=ON${otherwise}.`,
    });
}

/**
 * The digests of performance_schema for this database, the most frequent first; nothing is written. What the server had
 * no room for (`performance_schema_digests_size`) is one entry without a text: some queries are not known.
 *
 * @throws ZmigrateError not-available where the server keeps none
 */
export async function statistics(session: Session): Promise<readonly StatisticsText[]> {
  await mustKeep(session, STATEMENTS, OTHERWISE);
  const rows = await session.query<{ id: string | null; text: string | null }>(TEXTS);
  return rows.map(({ id, text }) => ({ id: id?.slice(0, 12) ?? NO_DIGEST, text }));
}

const NO_DIGEST = "without a digest";

/** Also what was sent from another schema, and names this one. */
const USED = `SELECT digest AS id, digest_text AS text, count_star AS calls,
    TIMESTAMPDIFF(SECOND, last_seen, NOW()) AS ago
  FROM performance_schema.events_statements_summary_by_digest
  WHERE schema_name = DATABASE() OR digest IS NULL OR LOCATE(CONCAT('\`', DATABASE(), '\`'), digest_text) > 0`;

/** The server says when it has last seen each. It tells since its start, or since the table was emptied. */
export async function usedStatements(session: Session): Promise<UsedStatements> {
  await mustKeep(session, STATEMENTS, OTHERWISE);
  const rows = await session.query<{ id: string | null; text: string | null; calls: number; ago: number }>(USED);
  const [up] = await session.query<{ Value: string }>("SHOW GLOBAL STATUS LIKE 'Uptime'");
  const statements = rows.map(({ id, text, calls, ago }) => ({
    id: id?.slice(0, 12) ?? NO_DIGEST,
    text,
    calls: Number(calls),
    secondsAgo: Math.max(0, Number(ago)),
  }));
  return { statements, lost: "", toldSeconds: Number(up?.Value ?? 0) };
}
