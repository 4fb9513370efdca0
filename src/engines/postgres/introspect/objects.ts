import type { Index, StoredObject } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import type { Session } from "../../engine.js";
import { commentOn } from "./comment.js";
import { readObjectRights } from "./object-rights.js";
import { NOT_OURS } from "./tables.js";

interface ObjectRow {
  readonly object: StoredObject["object"];
  readonly schema: string | null;
  readonly name: string;
  readonly onSchema: string | null;
  readonly onName: string | null;
  readonly parameters: string | null;
  readonly restore: string | null;
  readonly comment: string | null;
  readonly columns: string | null;
  readonly reads: string | null;
}

/** What an extension made goes and comes with it. */
const OWN = (catalog: string, oid: string) =>
  `NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.objid = ${oid} AND e.deptype = 'e' AND e.classid = 'pg_catalog.${catalog}'::regclass)`;

const NAME = "pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)";

/** OR REPLACE keeps a view's owner, rights, defaults and comments; where it has to be dropped first they are said again. */
const VIEW_TEXTS = `
  SELECT 0 AS place, 'CREATE OR REPLACE VIEW ' || ${NAME} ||
         COALESCE(' WITH (' || pg_catalog.array_to_string(c.reloptions, ', ') || ')', '') || ' AS' || E'\\n' ||
         pg_catalog.rtrim(pg_catalog.pg_get_viewdef(c.oid), ';') AS text
  UNION ALL
  SELECT 1, 'ALTER VIEW ' || ${NAME} || ' OWNER TO ' || pg_catalog.quote_ident(o.rolname)
    FROM pg_catalog.pg_roles o WHERE o.oid = c.relowner AND o.rolname <> current_user
  UNION ALL
  SELECT 2, 'GRANT ' || x.privilege_type || COALESCE(' (' || pg_catalog.quote_ident(x.place) || ')', '') || ' ON ' || ${NAME} || ' TO ' ||
         CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(x.grantee)) END ||
         CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
    FROM (SELECT NULL::text AS place, y.* FROM pg_catalog.aclexplode(c.relacl) y
          UNION ALL
          SELECT a.attname::text, y.* FROM pg_catalog.pg_attribute a, pg_catalog.aclexplode(a.attacl) y
           WHERE a.attrelid = c.oid AND NOT a.attisdropped) x
   WHERE x.grantee <> c.relowner
  UNION ALL
  SELECT 2, 'ALTER VIEW ' || ${NAME} || ' ALTER COLUMN ' || pg_catalog.quote_ident(a.attname) || ' SET DEFAULT ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid)
    FROM pg_catalog.pg_attrdef d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE d.adrelid = c.oid
  UNION ALL
  SELECT 3, 'COMMENT ON COLUMN ' || ${NAME} || '.' || pg_catalog.quote_ident(a.attname) || ' IS ' || pg_catalog.quote_literal(d.description)
    FROM pg_catalog.pg_description d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.objoid AND a.attnum = d.objsubid
   WHERE d.objoid = c.oid AND d.objsubid > 0 AND d.classoid = 'pg_catalog.pg_class'::regclass
  UNION ALL
  SELECT 3, 'COMMENT ON VIEW ' || ${NAME} || ' IS ' || pg_catalog.quote_literal(d.description)
    FROM pg_catalog.pg_description d WHERE d.objoid = c.oid AND d.objsubid = 0 AND d.classoid = 'pg_catalog.pg_class'::regclass`;

const READS = `(
  SELECT pg_catalog.json_agg(DISTINCT pg_catalog.jsonb_build_object('schema', rn.nspname, 'name', rc.relname))
    FROM pg_catalog.pg_rewrite r
    JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass
    JOIN pg_catalog.pg_class rc ON rc.oid = d.refobjid AND rc.oid <> c.oid JOIN pg_catalog.pg_namespace rn ON rn.oid = rc.relnamespace
   WHERE r.ev_class = c.oid AND r.rulename = '_RETURN')::text`;

const VIEWS = `
  SELECT CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized-view' END AS object, n.nspname::text AS schema, c.relname::text AS name,
         NULL AS "onSchema", NULL AS "onName", NULL AS parameters,
         CASE c.relkind WHEN 'v' THEN (SELECT pg_catalog.json_agg(s.text ORDER BY s.place) FROM (${VIEW_TEXTS}) s)::text END AS restore,
         ${commentOn("c.oid", "pg_class")} AS comment,
         (SELECT pg_catalog.json_agg(a.attname ORDER BY a.attnum) FROM pg_catalog.pg_attribute a
           WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)::text AS columns,
         ${READS} AS reads
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('v', 'm') AND ${NOT_OURS} AND ${OWN("pg_class", "c.oid")}`;

const ROUTINES = `
  SELECT CASE f.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END, n.nspname::text, f.proname::text, NULL, NULL,
         (SELECT COALESCE(pg_catalog.json_agg(t.typname ORDER BY p.at), '[]') FROM pg_catalog.unnest(f.proargtypes) WITH ORDINALITY p (type, at)
            JOIN pg_catalog.pg_type t ON t.oid = p.type)::text,
         CASE WHEN f.prokind IN ('f', 'p') THEN pg_catalog.json_build_array(pg_catalog.rtrim(pg_catalog.pg_get_functiondef(f.oid), E'\\n'))::text END,
         ${commentOn("f.oid", "pg_proc")}, NULL, NULL
  FROM pg_catalog.pg_proc f JOIN pg_catalog.pg_namespace n ON n.oid = f.pronamespace
  WHERE f.prokind IN ('f', 'p') AND ${NOT_OURS} AND ${OWN("pg_proc", "f.oid")}`;

const FIRES = `CASE t.tgenabled WHEN 'O' THEN 'ENABLE' WHEN 'D' THEN 'DISABLE' WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE REPLICA' END`;

/** A constraint trigger has no OR REPLACE: it is dropped first. */
const TRIGGERS = `
  SELECT 'trigger', NULL, t.tgname::text, n.nspname::text, c.relname::text, NULL,
         pg_catalog.json_build_array(
           'DROP TRIGGER IF EXISTS ' || pg_catalog.quote_ident(t.tgname) || ' ON ' || ${NAME}, pg_catalog.pg_get_triggerdef(t.oid),
           'ALTER TABLE ' || ${NAME} || ' ' || ${FIRES} || ' TRIGGER ' || pg_catalog.quote_ident(t.tgname))::text,
         ${commentOn("t.oid", "pg_trigger")}, NULL, NULL
  FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND t.tgname !~ '^zzz_zmigrate_' AND ${NOT_OURS}`;

const COMMAND = `CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END`;

const POLICIES = `
  SELECT 'policy', NULL, p.polname::text, n.nspname::text, c.relname::text, NULL,
         pg_catalog.json_build_array(
           'DROP POLICY IF EXISTS ' || pg_catalog.quote_ident(p.polname) || ' ON ' || ${NAME},
           'CREATE POLICY ' || pg_catalog.quote_ident(p.polname) || ' ON ' || ${NAME} ||
           CASE WHEN p.polpermissive THEN '' ELSE ' AS RESTRICTIVE' END || ' FOR ' || ${COMMAND} || ' TO ' ||
           (SELECT pg_catalog.string_agg(CASE r.oid WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(r.oid)) END, ', ')
              FROM pg_catalog.unnest(p.polroles) r (oid)) ||
           COALESCE(' USING (' || pg_catalog.pg_get_expr(p.polqual, p.polrelid) || ')', '') ||
           COALESCE(' WITH CHECK (' || pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) || ')', ''))::text,
         ${commentOn("p.oid", "pg_policy")}, NULL, NULL
  FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE ${NOT_OURS}`;

const RULES = `
  SELECT 'rule', NULL, r.rulename::text, n.nspname::text, c.relname::text, NULL,
         pg_catalog.json_build_array(
           pg_catalog.regexp_replace(pg_catalog.rtrim(pg_catalog.pg_get_ruledef(r.oid), ';'), '^CREATE RULE', 'CREATE OR REPLACE RULE'))::text,
         ${commentOn("r.oid", "pg_rewrite")}, NULL, NULL
  FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class c ON c.oid = r.ev_class JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE r.rulename <> '_RETURN' AND ${NOT_OURS}`;

/** Where a sequence stands is not part of how it is. */
const SEQUENCES = `
  SELECT 'sequence', n.nspname::text, c.relname::text, NULL, NULL, NULL,
         pg_catalog.json_build_array('ALTER SEQUENCE ' || ${NAME} || ' AS ' || pg_catalog.format_type(s.seqtypid, NULL) ||
           ' INCREMENT BY ' || s.seqincrement || ' MINVALUE ' || s.seqmin || ' MAXVALUE ' || s.seqmax || ' START WITH ' || s.seqstart ||
           ' CACHE ' || s.seqcache || CASE WHEN s.seqcycle THEN ' CYCLE' ELSE ' NO CYCLE' END)::text,
         ${commentOn("c.oid", "pg_class")}, NULL, NULL
  FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE ${NOT_OURS} AND ${OWN("pg_class", "c.oid")}`;

const SCHEMAS = `
  SELECT 'schema', NULL, n.nspname::text, NULL, NULL, NULL, NULL, ${commentOn("n.oid", "pg_namespace")}, NULL, NULL
  FROM pg_catalog.pg_namespace n WHERE ${NOT_OURS}
  UNION ALL
  SELECT 'extension', NULL, x.extname::text, NULL, NULL, NULL, NULL, ${commentOn("x.oid", "pg_extension")}, NULL, NULL
  FROM pg_catalog.pg_extension x`;

function objectOf(row: ObjectRow): StoredObject {
  const list = (text: string | null) => (text === null ? null : Object.freeze(JSON.parse(text) as string[]));
  return Object.freeze({
    object: row.object,
    name: Object.freeze({ schema: row.schema, name: row.name }),
    on: row.onName === null ? null : Object.freeze({ schema: row.onSchema, name: row.onName }),
    parameters: list(row.parameters),
    restore: list(row.restore),
    comment: row.comment,
    columns: list(row.columns) ?? [],
    ...(row.reads === null ? {} : { reads: Object.freeze(JSON.parse(row.reads) as RelationName[]) }),
  });
}

/** What is neither table, index nor type: in a session with an empty search_path, so that every name is qualified. */
export async function readObjects(
  session: Session,
  indexesOf: (view: RelationName) => readonly Index[],
): Promise<readonly StoredObject[]> {
  const all = [VIEWS, ROUTINES, TRIGGERS, POLICIES, RULES, SEQUENCES, SCHEMAS].join(" UNION ALL ");
  const objects = (await session.query<ObjectRow>(all)).map(objectOf);
  const rightsOf = await readObjectRights(session);
  const indexed = ({ object, name }: StoredObject): Pick<StoredObject, "indexes"> =>
    object === "materialized-view" ? { indexes: indexesOf(name) } : {};
  return Object.freeze(objects.map((o) => Object.freeze({ ...o, ...rightsOf(o), ...indexed(o) })));
}
