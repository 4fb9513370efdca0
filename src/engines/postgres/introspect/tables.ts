import type { Publication, Table } from "../../../model/catalog.js";
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
  readonly options: NonNullable<Table["options"]>;
}

/** Schemas that are not the application's. `zmigrate` is our own journal. */
export const NOT_OURS = `n.nspname NOT IN ('pg_catalog', 'information_schema', 'zmigrate')
  AND n.nspname !~ '^pg_(toast|temp)'`;

/** Tables by their oids; null for all. */
export type Among = readonly string[] | null;

/** Of a query whose first parameter is an `Among`, of `pg_class c`. */
export const IS_AMONG = "($1::oid[] IS NULL OR c.oid = ANY ($1))";

/** What logical replication tells rows apart by: nothing where a deferrable key, or none, is all that there is. */
const IDENTIFIED = `(c.relreplident = 'f' OR EXISTS (
  SELECT FROM pg_catalog.pg_index x WHERE x.indrelid = c.oid AND x.indisvalid AND x.indimmediate
    AND (c.relreplident = 'd' AND x.indisprimary OR c.relreplident = 'i' AND x.indisreplident)))`;

/** What ALTER TABLE sets and says again. */
const OPTIONS = `
  SELECT pg_catalog.json_agg(pg_catalog.json_build_object('option', o.option, 'value', o.value)) FROM (
    SELECT x.option_name AS option, x.option_value AS value FROM pg_catalog.pg_options_to_table(c.reloptions) x
    UNION ALL
    SELECT 'toast.' || x.option_name, x.option_value
      FROM pg_catalog.pg_class t, pg_catalog.pg_options_to_table(t.reloptions) x WHERE t.oid = c.reltoastrelid
    UNION ALL
    SELECT 'REPLICA IDENTITY', CASE c.relreplident WHEN 'd' THEN 'DEFAULT' WHEN 'f' THEN 'FULL' WHEN 'n' THEN 'NOTHING' ELSE
      (SELECT 'INDEX ' || i.relname FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
        WHERE x.indrelid = c.oid AND x.indisreplident) END) o WHERE o.value IS NOT NULL`;

/** What the tables below one take, at whatever depth: a statement about it is about their rows, and it may have none of its own. */
const BELOW = `(
  WITH RECURSIVE below (oid) AS (
    SELECT i.inhrelid FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid
     UNION
    SELECT i.inhrelid FROM below b JOIN pg_catalog.pg_inherits i ON i.inhparent = b.oid)
  SELECT COALESCE(pg_catalog.sum(pg_catalog.pg_table_size(b.oid)), 0) FROM below b)`;

/** Rules on UPDATE ('2') and INSERT ('3'). One join for publications: a view of all tables that is searched for each would take minutes. */
const TABLES = `
  SELECT c.oid::text AS oid, n.nspname::text AS schema, c.relname::text AS name, c.relkind = 'p' OR EXISTS (
           SELECT FROM pg_catalog.pg_inherits i WHERE c.oid IN (i.inhparent, i.inhrelid)) AS partitioned,
         CASE WHEN c.reltuples < 0 THEN NULL ELSE c.reltuples::bigint::text END AS rows,
         (pg_catalog.pg_table_size(c.oid) + ${BELOW})::text AS bytes,
         (SELECT pg_catalog.json_agg(r.rulename::text ORDER BY r.rulename) FROM pg_catalog.pg_rewrite r
           WHERE r.ev_class = c.oid AND r.ev_type IN ('2', '3'))::text AS "writeRules",
         ${IDENTIFIED} AS identified, (${OPTIONS})::text AS options, p.publications::text AS publications
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN (
    SELECT t.schemaname, t.tablename,
           pg_catalog.json_agg(pg_catalog.json_build_object('name', b.pubname, 'updates', b.pubupdate) ORDER BY b.pubname) AS publications
      FROM pg_catalog.pg_publication_tables t JOIN pg_catalog.pg_publication b ON b.pubname = t.pubname
     GROUP BY 1, 2) p ON p.schemaname = n.nspname AND p.tablename = c.relname
  WHERE c.relkind IN ('r', 'p') AND ${NOT_OURS} AND ${IS_AMONG}
  ORDER BY 2, 3`;

type RawRow = Omit<TableRow, "writeRules" | "publications" | "options"> & {
  readonly options: string | null;
  readonly writeRules: string | null;
  readonly identified: boolean;
  readonly publications: string | null;
};

function publicationsOf({ publications, identified }: RawRow): readonly Publication[] {
  const read = JSON.parse(publications ?? "[]") as { name: string; updates: boolean }[];
  return Object.freeze(read.map(({ name, updates }) => Object.freeze({ name, unidentified: updates && !identified })));
}

/** Ordinary and partitioned tables by oid, in the order of their names. `reltuples` is -1 until the first ANALYZE: unknown, not empty. */
export async function readTables(session: Session, among: Among): Promise<Map<string, TableRow>> {
  const rows = await session.query<RawRow>(TABLES, [among]);
  return new Map(
    rows.map((row) => [
      row.oid,
      {
        ...row,
        writeRules: Object.freeze(JSON.parse(row.writeRules ?? "[]") as string[]),
        publications: publicationsOf(row),
        options: Object.freeze(JSON.parse(row.options ?? "[]") as TableRow["options"]),
      },
    ]),
  );
}
