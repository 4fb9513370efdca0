import type { Index } from "../../../model/catalog.js";
import type { Session } from "../../engine.js";
import { NOT_OURS } from "./tables.js";

interface IndexRow {
  readonly oid: string;
  readonly name: string;
  readonly columns: string | null;
  readonly definition: string;
  readonly unique: boolean;
  readonly valid: boolean;
  readonly constraint: string | null;
}

/** Key columns stand in indkey; columns inside expressions and predicates only in pg_depend. */
const INDEXES = `
  SELECT x.indrelid::text AS oid, i.relname::text AS name,
         (SELECT pg_catalog.json_agg(DISTINCT a.attname::text) FROM pg_catalog.pg_attribute a
           WHERE a.attrelid = x.indrelid AND (a.attnum = ANY (x.indkey) OR EXISTS (
             SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass
                AND d.objid = x.indexrelid AND d.refclassid = 'pg_catalog.pg_class'::regclass
                AND d.refobjid = x.indrelid AND d.refobjsubid = a.attnum)) AND a.attnum > 0)::text AS columns,
         pg_catalog.pg_get_indexdef(x.indexrelid) AS definition, x.indisunique AS unique,
         x.indisvalid AS valid, r.conname::text AS constraint
  FROM pg_catalog.pg_index x
  JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid JOIN pg_catalog.pg_class c ON c.oid = x.indrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_constraint r ON r.conindid = x.indexrelid AND r.conrelid = x.indrelid AND r.contype IN ('p', 'u', 'x')
  WHERE c.relkind IN ('r', 'p') AND ${NOT_OURS}
  ORDER BY x.indrelid, i.relname`;

/** Indexes by table oid. */
export async function readIndexes(session: Session): Promise<Map<string, Index[]>> {
  const byTable = new Map<string, Index[]>();
  for (const row of await session.query<IndexRow>(INDEXES)) {
    const { oid, columns, ...index } = row;
    const list = byTable.get(oid) ?? [];
    list.push(Object.freeze({ ...index, columns: JSON.parse(columns ?? "[]") as string[] }));
    byTable.set(oid, list);
  }
  return byTable;
}
