import type { Publication } from "../../../model/catalog.js";
import type { Session } from "../../engine.js";

export interface TableRow {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly partitioned: boolean;
  readonly rows: string | null;
  readonly bytes: string;
  readonly writeRules: readonly string[];
  readonly publications: readonly Publication[];
}

/** Schemas that are not the application's. `zmigrate` is our own journal. */
export const NOT_OURS = `n.nspname NOT IN ('pg_catalog', 'information_schema', 'zmigrate')
  AND n.nspname !~ '^pg_(toast|temp)'`;

/** What logical replication tells rows apart by: nothing where a deferrable key, or none, is all that there is. */
const IDENTIFIED = `(c.relreplident = 'f' OR EXISTS (
  SELECT FROM pg_catalog.pg_index x WHERE x.indrelid = c.oid AND x.indisvalid AND x.indimmediate
    AND (c.relreplident = 'd' AND x.indisprimary OR c.relreplident = 'i' AND x.indisreplident)))`;

/** Rules on UPDATE ('2') and INSERT ('3'). */
const TABLES = `
  WITH published AS MATERIALIZED (
    SELECT t.schemaname, t.tablename, p.pubname, p.pubupdate
      FROM pg_catalog.pg_publication_tables t JOIN pg_catalog.pg_publication p ON p.pubname = t.pubname)
  SELECT c.oid::text AS oid, n.nspname::text AS schema, c.relname::text AS name, c.relkind = 'p' OR EXISTS (
           SELECT FROM pg_catalog.pg_inherits i WHERE c.oid IN (i.inhparent, i.inhrelid)) AS partitioned,
         CASE WHEN c.reltuples < 0 THEN NULL ELSE c.reltuples::bigint::text END AS rows,
         pg_catalog.pg_table_size(c.oid)::text AS bytes,
         (SELECT pg_catalog.json_agg(r.rulename::text ORDER BY r.rulename) FROM pg_catalog.pg_rewrite r
           WHERE r.ev_class = c.oid AND r.ev_type IN ('2', '3'))::text AS "writeRules",
         (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('name', p.pubname, 'unidentified', p.pubupdate AND NOT ${IDENTIFIED}) ORDER BY p.pubname)
            FROM published p WHERE p.schemaname = n.nspname AND p.tablename = c.relname)::text AS publications
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND ${NOT_OURS}
  ORDER BY 2, 3`;

type RawRow = Omit<TableRow, "writeRules" | "publications"> & {
  readonly writeRules: string | null;
  readonly publications: string | null;
};

/** Ordinary and partitioned tables. `reltuples` is -1 until the first ANALYZE: unknown, not empty. */
export async function readTables(session: Session): Promise<TableRow[]> {
  const rows = await session.query<RawRow>(TABLES);
  return rows.map((row) => ({
    ...row,
    writeRules: Object.freeze(JSON.parse(row.writeRules ?? "[]") as string[]),
    publications: Object.freeze(JSON.parse(row.publications ?? "[]") as Publication[]),
  }));
}
