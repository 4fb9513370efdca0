import type { Dependent } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import type { Session } from "../../engine.js";
import { dependentsOfTable } from "./table-dependents.js";
import { NOT_OURS } from "./tables.js";

interface DependentRow {
  readonly oid: string;
  readonly kind: Dependent["kind"];
  readonly name: string;
  readonly column: string;
}

/** What pg_depend knows to use a column, besides the table's own constraints and indexes: a publication by its column list or row filter. */
const TRACKED = `
  SELECT c.oid::text AS oid, a.attname::text AS column, x.kind, x.name
  FROM pg_catalog.pg_depend d
  JOIN pg_catalog.pg_class c ON c.oid = d.refobjid AND d.refclassid = 'pg_catalog.pg_class'::regclass
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
  CROSS JOIN LATERAL (
    SELECT CASE v.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized-view' ELSE 'rule' END AS kind,
           CASE WHEN v.relkind IN ('v', 'm') THEN '' ELSE r.rulename || ' on ' END || v.oid::regclass::text AS name
      FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class v ON v.oid = r.ev_class
     WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid
    UNION ALL
    SELECT 'policy', p.polname::text FROM pg_catalog.pg_policy p
     WHERE d.classid = 'pg_catalog.pg_policy'::regclass AND p.oid = d.objid
    UNION ALL
    SELECT 'trigger', t.tgname::text FROM pg_catalog.pg_trigger t
     WHERE d.classid = 'pg_catalog.pg_trigger'::regclass AND t.oid = d.objid AND NOT t.tgisinternal AND t.tgname !~ '^zzz_zmigrate_'
    UNION ALL
    SELECT 'generated-column', g.attname::text
      FROM pg_catalog.pg_attrdef e JOIN pg_catalog.pg_attribute g ON g.attrelid = e.adrelid AND g.attnum = e.adnum
     WHERE d.classid = 'pg_catalog.pg_attrdef'::regclass AND e.oid = d.objid AND g.attgenerated <> '' AND g.attnum <> a.attnum
    UNION ALL
    SELECT 'function', f.oid::regprocedure::text FROM pg_catalog.pg_proc f
     WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND f.oid = d.objid
    UNION ALL
    SELECT 'publication', p.pubname::text
      FROM pg_catalog.pg_publication_rel pr JOIN pg_catalog.pg_publication p ON p.oid = pr.prpubid
     WHERE d.classid = 'pg_catalog.pg_publication_rel'::regclass AND pr.oid = d.objid
    UNION ALL
    SELECT 'statistics', s.stxname::text FROM pg_catalog.pg_statistic_ext s
     WHERE d.classid = 'pg_catalog.pg_statistic_ext'::regclass AND s.oid = d.objid
  ) x
  WHERE d.classid NOT IN ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_constraint'::regclass) AND c.relkind IN ('r', 'p') AND ${NOT_OURS}`;

/** The name stands in the text as a word. */
const named = (text: string) =>
  `pg_catalog.regexp_replace(${text}, '[^[:alnum:]_$]+', ' ', 'g') ~ ('(^| )' || pg_catalog.regexp_replace(a.attname, '[^[:alnum:]_$]+', ' ', 'g') || '( |$)')`;

/** Triggers whose function's body, or arguments, name a column of their table: they may write it. */
const TRIGGER_BODIES = `
  SELECT c.oid::text AS oid, a.attname::text AS column, 'function' AS kind,
         f.oid::regprocedure::text || ' (trigger ' || t.tgname || ')' AS name
  FROM pg_catalog.pg_trigger t
  JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_proc f ON f.oid = t.tgfoid
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE NOT t.tgisinternal AND t.tgname !~ '^zzz_zmigrate_' AND ${NOT_OURS}
    AND (pg_catalog.strpos(f.prosrc, a.attname) > 0 AND ${named("f.prosrc")}
         OR position(pg_catalog.convert_to(a.attname::text, pg_catalog.current_setting('server_encoding')) IN t.tgargs) > 0)
  ORDER BY 4`;

/** True for a trigger that names a column, and for the function of one. */
export const isTrigger = (d: Dependent): boolean =>
  d.kind === "trigger" || (d.kind === "function" && / \(trigger .*\)$/s.test(d.name));

/**
 * Bodies that are text are not in pg_depend. A function counts when the column's name stands in its body as a word
 * and so does the table's, or it is a trigger function of the table: too many is a closed gate, too few an outage.
 */
const BODIES = `
  SELECT DISTINCT c.oid::text AS oid, a.attname::text AS column, 'function' AS kind, f.oid::regprocedure::text AS name
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_catalog.pg_proc f ON pg_catalog.strpos(f.prosrc, a.attname) > 0
  JOIN pg_catalog.pg_namespace fn ON fn.oid = f.pronamespace AND fn.nspname NOT IN ('pg_catalog', 'information_schema', 'zmigrate')
  WHERE c.relkind IN ('r', 'p') AND ${NOT_OURS}
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.objid = f.oid AND e.deptype = 'e'
                      AND e.classid = 'pg_catalog.pg_proc'::regclass)
    AND ${named("f.prosrc")}
    AND (pg_catalog.strpos(f.prosrc, c.relname) > 0
         OR EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND t.tgfoid = f.oid))`;

const OF_ONE = " AND n.nspname = COALESCE($1, pg_catalog.current_schema()) AND c.relname = $2 AND a.attname = $3";

/**
 * What names one column, function bodies included: `view public.active_users`. Bodies are only read here, since
 * comparing every body with every column of a large schema takes minutes.
 */
export async function dependentsOf(session: Session, relation: RelationName, column: string | null): Promise<string[]> {
  if (column === null) return dependentsOfTable(session, relation);
  const found = new Set<string>();
  for (const sql of [TRACKED, BODIES])
    for (const row of await session.query<DependentRow>(sql + OF_ONE, [relation.schema, relation.name, column]))
      found.add(`${row.kind.replace("-", " ")} ${row.name}`);
  return [...found];
}

/** Dependents that the catalog knows, and the bodies of triggers, by table oid. */
export async function readDependents(session: Session): Promise<Map<string, Dependent[]>> {
  const byTable = new Map<string, Map<string, { kind: Dependent["kind"]; name: string; columns: string[] }>>();
  for (const sql of [TRACKED, TRIGGER_BODIES]) {
    for (const row of await session.query<DependentRow>(sql)) {
      const of = byTable.get(row.oid) ?? new Map();
      const key = `${row.kind} ${row.name}`;
      const entry = of.get(key) ?? { kind: row.kind, name: row.name, columns: [] };
      if (!entry.columns.includes(row.column)) entry.columns.push(row.column);
      of.set(key, entry);
      byTable.set(row.oid, of);
    }
  }
  return new Map([...byTable].map(([oid, of]) => [oid, [...of.values()]]));
}
