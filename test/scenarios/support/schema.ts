import { query } from "../../servers/index.js";

/** The column list and everything on it, as the server itself prints it, independent of our own introspection. */
const POSTGRES = (table: string) => `
  SELECT line FROM (
    SELECT 'column ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || CASE WHEN a.attnotnull THEN 'not null' ELSE '' END
           || ' default ' || COALESCE(pg_get_expr(d.adbin, d.adrelid), '') || ' collation ' || COALESCE(a.attcollation::regcollation::text, '')
           || ' comment ' || COALESCE(col_description(a.attrelid, a.attnum), '') || ' statistics ' || COALESCE(a.attstattarget::text, '')
           || ' storage ' || a.attstorage::text || ' acl ' || COALESCE(a.attacl::text, '') AS line
      FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE a.attrelid = '${table}'::regclass AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT 'constraint ' || conname || ' ' || pg_get_constraintdef(oid) || ' ' || convalidated
           || ' comment ' || COALESCE(obj_description(oid, 'pg_constraint'), '') FROM pg_constraint WHERE conrelid = '${table}'::regclass
    UNION ALL
    SELECT 'index ' || pg_get_indexdef(indexrelid) || ' ' || indisvalid
           || ' identity ' || indisreplident || ' clustered ' || indisclustered || ' comment ' || COALESCE(obj_description(indexrelid, 'pg_class'), '')
           || ' tablespace ' || (SELECT reltablespace FROM pg_class WHERE oid = indexrelid)
           || ' statistics ' || (SELECT string_agg(COALESCE(attstattarget, -1)::text, ',' ORDER BY attnum) FROM pg_attribute WHERE attrelid = indexrelid)
      FROM pg_index WHERE indrelid = '${table}'::regclass
    UNION ALL
    SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = '${table}'::regclass AND NOT tgisinternal
    UNION ALL
    SELECT 'function ' || proname FROM pg_proc WHERE pronamespace IN (SELECT oid FROM pg_namespace WHERE nspname = 'zmigrate')
  ) s ORDER BY 1`;

/**
 * A table's schema as sorted lines: equal for two tables that differ in the order of columns only. `table` is quoted
 * as the server wants it.
 */
export async function schemaOf(url: string, table: string): Promise<string[]> {
  if (url.startsWith("postgres"))
    return (await query(url, POSTGRES(table.replaceAll("'", "''")))).map((r) => String(r.line));
  const [row] = await query(url, `SHOW CREATE TABLE ${table}`);
  const text = String(Object.values(row ?? {})[1]);
  const name = table.replaceAll("`", "").replaceAll("'", "''");
  const triggers = await query(
    url,
    `SELECT TRIGGER_NAME AS name FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = DATABASE() AND EVENT_OBJECT_TABLE = '${name}'`,
  );
  const lines = text.split("\n").map((line) => line.replace(/,$/, "").replace(/ AUTO_INCREMENT=\d+/, ""));
  return [...lines, ...triggers.map((t) => `trigger ${String(t.name)}`)].sort();
}
