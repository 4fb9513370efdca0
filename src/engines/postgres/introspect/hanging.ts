import type { RelationName } from "../../../model/name.js";
import type { Hanging, Session } from "../../engine.js";

const NAMED = (schema: string, name: string) => `(
  SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relname = ${name} AND n.nspname = COALESCE(${schema}, pg_catalog.current_schema()))`;

/** What DROP VIEW stops at, or takes along: all that depends on the view or on its row type, besides its own query and defaults. */
const DEPENDING = `
  SELECT DISTINCT COALESCE(
    (SELECT CASE v.relkind WHEN 'v' THEN 'view ' ELSE 'materialized view ' END || v.oid::regclass::text
       FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class v ON v.oid = r.ev_class AND v.relkind IN ('v', 'm')
      WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid AND r.rulename = '_RETURN'),
    (SELECT 'function ' || f.oid::regprocedure::text FROM pg_catalog.pg_proc f
      WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND f.oid = d.objid),
    pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid)) AS called
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_type t ON t.oid = c.reltype
  JOIN pg_catalog.pg_depend d
    ON (d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = c.oid)
    OR (d.refclassid = 'pg_catalog.pg_type'::regclass AND d.refobjid IN (t.oid, t.typarray))
  WHERE c.oid = ${NAMED("$1", "$2")} AND c.relkind = 'v' AND d.deptype IN ('n', 'a')
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_rewrite r WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass
                      AND r.oid = d.objid AND r.ev_class = c.oid AND r.rulename = '_RETURN')
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_attrdef a WHERE d.classid = 'pg_catalog.pg_attrdef'::regclass
                      AND a.oid = d.objid AND a.adrelid = c.oid)
  ORDER BY 1`;

/** Rights to rows that were given on the view and not on what it shows; both owners have theirs anyway. */
const RIGHTS = `
  SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(a.grantee)::text END AS role,
         pg_catalog.string_agg(DISTINCT a.privilege_type, ', ' ORDER BY a.privilege_type) AS privileges
  FROM pg_catalog.pg_class v JOIN pg_catalog.pg_class t ON t.oid = ${NAMED("$3", "$4")}
  CROSS JOIN LATERAL pg_catalog.aclexplode(v.relacl) a
  WHERE v.oid = ${NAMED("$1", "$2")} AND v.relkind = 'v' AND a.grantee NOT IN (v.relowner, t.relowner)
    AND a.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
    AND NOT EXISTS (SELECT FROM pg_catalog.aclexplode(t.relacl) o
                     WHERE o.grantee = a.grantee AND o.privilege_type = a.privilege_type)
  GROUP BY a.grantee ORDER BY 1`;

/** What hangs on a view that stands in for a table, and what is allowed on it alone. */
export async function hangingOn(session: Session, view: RelationName, table: RelationName): Promise<Hanging> {
  const names = [view.schema, view.name];
  const objects = await session.query<{ called: string }>(DEPENDING, names);
  const rights = await session.query<{ role: string; privileges: string }>(RIGHTS, [
    ...names,
    table.schema,
    table.name,
  ]);
  return { objects: objects.map(({ called }) => called), rights };
}
