import type { Session } from "../../engine.js";

export interface TableRow {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly partitioned: boolean;
  readonly rows: string | null;
  readonly bytes: string;
}

/** Schemas that are not the application's. `zmigrate` is our own journal. */
export const NOT_OURS = `n.nspname NOT IN ('pg_catalog', 'information_schema', 'zmigrate')
  AND n.nspname !~ '^pg_(toast|temp)'`;

/** Ordinary and partitioned tables. `reltuples` is -1 until the first ANALYZE: unknown, not empty. */
export function readTables(session: Session): Promise<TableRow[]> {
  return session.query<TableRow>(`
    SELECT c.oid::text AS oid, n.nspname::text AS schema, c.relname::text AS name, c.relkind = 'p' OR EXISTS (
             SELECT FROM pg_catalog.pg_inherits i WHERE c.oid IN (i.inhparent, i.inhrelid)) AS partitioned,
           CASE WHEN c.reltuples < 0 THEN NULL ELSE c.reltuples::bigint::text END AS rows,
           pg_catalog.pg_table_size(c.oid)::text AS bytes
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND ${NOT_OURS}
    ORDER BY 2, 3`);
}
