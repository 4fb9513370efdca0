import type { RelationName } from "../../../model/name.js";
import type { Session } from "../../engine.js";

const RELATION = `c.relname = $2 AND n.nspname = COALESCE($1, pg_catalog.current_schema())`;

/** What pg_depend knows to use a table or view, besides what belongs to it: its own triggers, policies, defaults. */
const TRACKED = `
  SELECT DISTINCT x.called FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_depend d ON d.refobjid = c.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass
  CROSS JOIN LATERAL (
    SELECT CASE v.relkind WHEN 'v' THEN 'view ' WHEN 'm' THEN 'materialized view ' ELSE 'rule on ' END || v.oid::regclass::text
      FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class v ON v.oid = r.ev_class
     WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid AND v.oid <> c.oid
    UNION ALL
    SELECT 'policy ' || p.polname || ' on ' || p.polrelid::regclass::text FROM pg_catalog.pg_policy p
     WHERE d.classid = 'pg_catalog.pg_policy'::regclass AND p.oid = d.objid AND p.polrelid <> c.oid
    UNION ALL
    SELECT 'function ' || f.oid::regprocedure::text FROM pg_catalog.pg_proc f
     WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND f.oid = d.objid
    UNION ALL
    SELECT 'foreign key ' || k.conname || ' of ' || k.conrelid::regclass::text FROM pg_catalog.pg_constraint k
     WHERE d.classid = 'pg_catalog.pg_constraint'::regclass AND k.oid = d.objid AND k.contype = 'f' AND k.conrelid <> c.oid
    UNION ALL
    SELECT 'default of ' || own.nspname || '.' || o.relname || '.' || f.attname
      FROM pg_catalog.pg_attrdef a
      JOIN pg_catalog.pg_class o ON o.oid = a.adrelid JOIN pg_catalog.pg_namespace own ON own.oid = o.relnamespace
      JOIN pg_catalog.pg_attribute f ON f.attrelid = a.adrelid AND f.attnum = a.adnum
     WHERE d.classid = 'pg_catalog.pg_attrdef'::regclass AND a.oid = d.objid AND a.adrelid <> c.oid
  ) x (called)
  WHERE ${RELATION}`;

/** Bodies that are text: the name stands in it as a word. Too many is a closed gate, too few an outage. */
const BODIES = `
  SELECT 'function ' || f.oid::regprocedure::text AS called
  FROM pg_catalog.pg_proc f JOIN pg_catalog.pg_namespace fn ON fn.oid = f.pronamespace
  WHERE fn.nspname NOT IN ('pg_catalog', 'information_schema', 'zmigrate') AND pg_catalog.strpos(f.prosrc, $1) > 0
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.objid = f.oid AND e.deptype = 'e'
                      AND e.classid = 'pg_catalog.pg_proc'::regclass)
    AND pg_catalog.regexp_replace(f.prosrc, '[^[:alnum:]_$]+', ' ', 'g') ~
        ('(^| )' || pg_catalog.regexp_replace($1, '[^[:alnum:]_$]+', ' ', 'g') || '( |$)')`;

/** Functions whose body is text and has the name in it. */
export async function bodiesNaming(session: Session, { name }: RelationName): Promise<string[]> {
  return (await session.query<{ called: string }>(BODIES, [name])).map((row) => row.called);
}

/** What names a table or view from outside of it: `view active_users`, `foreign key k of orders`. */
export async function dependentsOfTable(session: Session, { schema, name }: RelationName): Promise<string[]> {
  const tracked = await session.query<{ called: string }>(TRACKED, [schema, name]);
  const bodies = await bodiesNaming(session, { schema, name });
  return [...new Set([...tracked.map((row) => row.called), ...bodies])];
}
