import type { Column, DomainFacts } from "../../../model/catalog.js";
import type { Session } from "../../engine.js";
import { quote } from "../names.js";
import { functionsIn } from "../parse/columns.js";
import { commentOn } from "./comment.js";
import { type Among, IS_AMONG, NOT_OURS } from "./tables.js";

interface ColumnRow {
  readonly oid: string;
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  readonly default: string | null;
  readonly collation: string | null;
  readonly generated: string;
  readonly identity: string;
  readonly comment: string | null;
  readonly exact: boolean;
  readonly statistics: number | null;
  readonly storage: string | null;
  readonly compression: string;
  readonly options: string | null;
  readonly acl: string | null;
  readonly domainNotNull: boolean | null;
  readonly domainChecked: boolean | null;
  readonly domainDefault: string | null;
  readonly denied: string | null;
}

/** Types whose `=` means identical, by name in pg_catalog; text types count when their collation is deterministic. */
const EXACT =
  "'bool','int2','int4','int8','oid','uuid','date','time','timestamp','timestamptz','bytea','text','varchar','name','inet','cidr','macaddr'";

/** Roles with INSERT and without EXECUTE: what a default calls is asked for when it is used, and not before. */
const DENIED = `
         CASE WHEN a.atthasdef AND a.attgenerated = '' THEN (
           SELECT pg_catalog.json_agg(pg_catalog.json_build_object('role', w.rolname, 'routine', f.oid::regprocedure::text) ORDER BY w.rolname)
             FROM pg_catalog.pg_depend e JOIN pg_catalog.pg_proc f ON f.oid = e.refobjid
             JOIN pg_catalog.pg_roles w ON NOT w.rolsuper AND w.rolname !~ '^pg_' AND pg_catalog.has_any_column_privilege(w.oid, c.oid, 'INSERT')
                                        AND NOT pg_catalog.has_function_privilege(w.oid, f.oid, 'EXECUTE')
            WHERE e.classid = 'pg_catalog.pg_attrdef'::regclass AND e.objid = d.oid
              AND e.refclassid = 'pg_catalog.pg_proc'::regclass) END::text`;

const COLUMNS = `
  SELECT a.attrelid::text AS oid, a.attname::text AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
         a.attnotnull AS "notNull", pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS default,
         CASE WHEN a.attcollation <> 0 AND a.attcollation <> t.typcollation
              THEN pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname) END AS collation,
         a.attgenerated::text AS generated, a.attidentity::text AS identity,
         ${commentOn("a.attrelid", "pg_class", "a.attnum")} AS comment,
         (t.typtype = 'e' OR (tn.nspname = 'pg_catalog' AND t.typname IN (${EXACT})))
           AND COALESCE(co.collisdeterministic, true) AS exact,
         NULLIF(a.attstattarget, -1)::int AS statistics,
         CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage::text END AS storage,
         a.attcompression::text AS compression, pg_catalog.array_to_string(a.attoptions, ', ') AS options,
         (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(x.privilege_type, x.is_grantable,
                   CASE WHEN x.grantee = 0 THEN NULL ELSE pg_catalog.pg_get_userbyid(x.grantee) END))
            FROM pg_catalog.aclexplode(a.attacl) x)::text AS acl,
         dom.present AS "domainNotNull", dom.checked AS "domainChecked",
         pg_catalog.pg_get_expr(t.typdefaultbin, 0) AS "domainDefault", ${DENIED} AS denied
  FROM pg_catalog.pg_attribute a
  JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid JOIN pg_catalog.pg_namespace tn ON tn.oid = t.typnamespace
  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation
  LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
  LEFT JOIN LATERAL (
    WITH RECURSIVE over (oid) AS (
      SELECT t.oid WHERE t.typtype = 'd'
      UNION
      SELECT b.typbasetype FROM over o JOIN pg_catalog.pg_type b ON b.oid = o.oid WHERE b.typtype = 'd')
    SELECT pg_catalog.bool_or(b.typnotnull) AS present,
           pg_catalog.bool_or(EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.contypid = b.oid AND k.contype = 'c')) AS checked
      FROM over o JOIN pg_catalog.pg_type b ON b.oid = o.oid WHERE b.typtype = 'd') dom ON t.typtype = 'd'
  WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND ${NOT_OURS} AND ${IS_AMONG}
  ORDER BY a.attrelid, a.attnum`;

const STORAGE: Readonly<Record<string, string>> = { p: "PLAIN", e: "EXTERNAL", m: "MAIN", x: "EXTENDED" };
const COMPRESSION: Readonly<Record<string, string>> = { p: "pglz", l: "lz4" };

function settingsOf(row: ColumnRow): string[] {
  const settings: string[] = [];
  if (row.statistics !== null) settings.push(`SET STATISTICS ${row.statistics}`);
  if (row.storage !== null) settings.push(`SET STORAGE ${STORAGE[row.storage] ?? "DEFAULT"}`);
  const compression = COMPRESSION[row.compression];
  if (compression !== undefined) settings.push(`SET COMPRESSION ${compression}`);
  if (row.options !== null) settings.push(`SET (${row.options})`);
  return settings;
}

function grantsOf(row: ColumnRow): string[] {
  if (row.acl === null) return [];
  const entries = JSON.parse(row.acl) as [string, boolean, string | null][];
  return entries.map(
    ([privilege, grantable, role]) =>
      `GRANT ${privilege} (%column%) ON %table% TO ${role === null ? "PUBLIC" : quote(role)}${grantable ? " WITH GRANT OPTION" : ""}`,
  );
}

/** Names of functions that may give another value at every call, among those that the defaults call. */
async function volatileNames(session: Session, rows: readonly ColumnRow[]): Promise<ReadonlySet<string>> {
  const names = new Set(rows.flatMap((r) => (r.default === null ? [] : functionsIn(r.default).map((f) => f.name))));
  if (names.size === 0) return new Set();
  const found = await session.query<{ name: string }>(
    "SELECT DISTINCT proname::text AS name FROM pg_catalog.pg_proc WHERE provolatile = 'v' AND proname = ANY($1)",
    [[...names]],
  );
  return new Set(found.map((f) => f.name));
}

function domainOf({ domainNotNull, domainChecked, domainDefault }: ColumnRow): DomainFacts | null {
  if (domainNotNull === null) return null;
  return Object.freeze({ notNull: domainNotNull, checked: domainChecked === true, default: domainDefault });
}

function columnOf(row: ColumnRow, volatile: ReadonlySet<string>): Column {
  const generated =
    row.generated === ""
      ? null
      : ({ kind: row.generated === "s" ? "stored" : "virtual", expression: row.default ?? "" } as const);
  const value = generated === null ? row.default : null;
  return Object.freeze({
    name: row.name,
    type: row.type,
    notNull: row.notNull,
    default: value,
    defaultVolatile: value !== null && functionsIn(value).some((f) => volatile.has(f.name)),
    collation: row.collation,
    characterSet: null,
    generated,
    identity: row.identity === "" ? null : row.identity === "a" ? "always" : "by default",
    autoIncrement: value !== null && /^nextval\(/.test(value),
    comment: row.comment,
    onUpdate: null,
    comparable: row.exact,
    domain: domainOf(row),
    defaultDenied: JSON.parse(row.denied ?? "[]") as { role: string; routine: string }[],
    settings: settingsOf(row),
    grants: grantsOf(row),
  });
}

/** Columns by table oid, in table order. The parser must be loaded. */
export async function readColumns(session: Session, among: Among): Promise<Map<string, Column[]>> {
  const rows = await session.query<ColumnRow>(COLUMNS, [among]);
  const volatile = await volatileNames(session, rows);
  const byTable = new Map<string, Column[]>();
  for (const row of rows) {
    const list = byTable.get(row.oid) ?? [];
    list.push(columnOf(row, volatile));
    byTable.set(row.oid, list);
  }
  return byTable;
}
