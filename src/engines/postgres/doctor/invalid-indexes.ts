import type { ServerCheck } from "../../examination.js";

const INVALID = `
  SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
    FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE NOT i.indisvalid AND c.relkind = 'i'
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)
   ORDER BY 1`;

/** What a build that was cut off has left: it costs every write, and answers no query. */
export const invalidIndexes: ServerCheck = {
  name: "invalid indexes",
  async look(session) {
    const rows = await session.query<{ name: string }>(INVALID);
    if (rows.length === 0) return { health: "ok", found: "none was left half built" };
    return {
      health: "advice",
      found: `half built, and kept up to date by every write: ${rows.map((r) => r.name).join(", ")}`,
      way: `${rows.map((r) => `DROP INDEX CONCURRENTLY ${r.name}`).join("; ")}; or REINDEX INDEX CONCURRENTLY, if they are wanted. One that a migration under way is building is mended by \`zmigrate apply\`.`,
    };
  },
};
