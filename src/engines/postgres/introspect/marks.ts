import type { Session } from "../../engine.js";
import { NOT_OURS } from "./tables.js";

/** A text that is another one after each change of some rows of the system catalogs. */
export type Mark = string;

/** What tells whether the picture of a table is still right. */
export interface Marks {
  /** By the oids of tables and materialized views, in the order of their names. */
  readonly tables: ReadonlyMap<string, Mark>;
  /** Of what belongs to no table and stands in the pictures of many: types, routines, roles, publications. */
  readonly others: Mark;
}

/** Each version of a row of a catalog has the transaction that wrote it (`xmin`). */
const mark = (...values: readonly string[]) => `pg_catalog.hash_record_extended(ROW(${values.join(", ")}), 0)`;

const MARK_OF_ALL = "pg_catalog.count(*) || ' ' || COALESCE(pg_catalog.sum(mark), 0)";

/** The first oid that is not of the server's own. */
const FIRST_OWN = 16384;

const catalog = (name: string) => `'pg_catalog.${name}'::pg_catalog.regclass::oid`;

/**
 * What the picture of a table is read from, each part marked by its rows: the table with its estimate and size (these two change
 * in place), what it toasts into, its columns, defaults, constraints, indexes, rules, parents and children and comments; what
 * defaults, constraints and indexes name of other tables and sequences; and the types of its columns.
 */
const TABLES = `
  WITH own AS (
    SELECT c.oid, n.nspname::text AS schema, c.relname::text AS name, c.xmin, c.reltuples, c.reltoastrelid
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'm') AND ${NOT_OURS}),
  parts (relation, catalog, oid) AS (
    SELECT o.oid, ${catalog("pg_class")}, o.oid FROM own o
    UNION ALL
    SELECT x.indrelid, ${catalog("pg_class")}, x.indexrelid FROM pg_catalog.pg_index x JOIN own o ON o.oid = x.indrelid
    UNION ALL
    SELECT d.adrelid, ${catalog("pg_attrdef")}, d.oid FROM pg_catalog.pg_attrdef d JOIN own o ON o.oid = d.adrelid
    UNION ALL
    SELECT k.conrelid, ${catalog("pg_constraint")}, k.oid FROM pg_catalog.pg_constraint k JOIN own o ON o.oid = k.conrelid),
  marks (relation, mark) AS (
    SELECT o.oid, ${mark("o.xmin", "o.reltuples", "pg_catalog.pg_relation_size(o.oid)", "pg_catalog.pg_relation_size(NULLIF(o.reltoastrelid, 0))")} FROM own o
    UNION ALL
    SELECT o.oid, ${mark("t.oid", "t.xmin")} FROM own o JOIN pg_catalog.pg_class t ON t.oid = o.reltoastrelid
    UNION ALL
    SELECT p.relation, ${mark("a.attrelid", "a.attnum", "a.xmin")} FROM parts p
      JOIN pg_catalog.pg_attribute a ON a.attrelid = p.oid AND a.attnum > 0 WHERE p.catalog = ${catalog("pg_class")}
    UNION ALL
    SELECT d.adrelid, ${mark("d.oid", "d.xmin")} FROM pg_catalog.pg_attrdef d
    UNION ALL
    SELECT k.conrelid, ${mark("k.oid", "k.xmin")} FROM pg_catalog.pg_constraint k
    UNION ALL
    SELECT x.indrelid, ${mark("i.oid", "i.xmin", "x.xmin")} FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
    UNION ALL
    SELECT r.ev_class, ${mark("r.oid", "r.xmin")} FROM pg_catalog.pg_rewrite r
    UNION ALL
    SELECT e.relation, ${mark("i.inhparent", "i.inhrelid", "i.xmin")} FROM pg_catalog.pg_inherits i
      CROSS JOIN LATERAL (VALUES (i.inhparent), (i.inhrelid)) e (relation)
    UNION ALL
    SELECT p.relation, ${mark("p.catalog", "p.oid", "w.objsubid", "w.xmin")} FROM parts p
      JOIN pg_catalog.pg_description w ON w.classoid = p.catalog AND w.objoid = p.oid
    UNION ALL
    SELECT p.relation, ${mark("c.oid", "c.xmin", "a.attnum", "a.xmin")} FROM parts p
      JOIN pg_catalog.pg_depend d ON d.classid = p.catalog AND d.objid = p.oid AND d.refclassid = ${catalog("pg_class")} AND d.refobjid <> p.relation
      JOIN pg_catalog.pg_class c ON c.oid = d.refobjid
      LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    UNION ALL
    SELECT a.attrelid, ${mark("a.attnum", "t.oid", "t.xmin")} FROM own o
      JOIN pg_catalog.pg_attribute a ON a.attrelid = o.oid AND a.atttypid >= ${FIRST_OWN} JOIN pg_catalog.pg_type t ON t.oid = a.atttypid)
  SELECT o.oid::text AS oid, m.mark
    FROM own o JOIN (SELECT relation, ${MARK_OF_ALL} AS mark FROM marks GROUP BY relation) m ON m.relation = o.oid
   ORDER BY o.schema, o.name`;

/** Catalogs of a few rows, and the rest of larger ones: what is the server's own there changes with its version alone. */
const OTHERS: readonly (readonly [catalog: string, where: string])[] = [
  ["pg_proc", "true"],
  ["pg_namespace", "true"],
  ["pg_tablespace", "true"],
  ["pg_am", "true"],
  ["pg_publication", "true"],
  ["pg_enum", "true"],
  ["pg_constraint", "conrelid = 0"],
  ...["pg_collation", "pg_operator", "pg_opclass", "pg_opfamily", "pg_ts_config", "pg_ts_dict"].map(
    (name) => [name, `oid >= ${FIRST_OWN}`] as const,
  ),
  // A table's type, and lists of types, are with the tables that have columns of them.
  [
    "pg_type",
    `oid >= ${FIRST_OWN} AND typcategory <> 'A' AND (typrelid = 0 OR typrelid IN (SELECT c.oid FROM pg_catalog.pg_class c WHERE c.relkind = 'c'))`,
  ],
];

/** Who is in a publication depends on it; and with a partition come those below it. */
const OTHER = `
  SELECT ${MARK_OF_ALL} AS mark FROM (
    ${OTHERS.map(([name, where]) => `SELECT ${mark(catalog(name), "oid", "xmin")} AS mark FROM pg_catalog.${name} WHERE ${where}`).join(" UNION ALL ")}
    UNION ALL
    SELECT ${mark("oid", "rolname", "rolsuper", "rolinherit")} FROM pg_catalog.pg_roles
    UNION ALL
    SELECT ${mark("roleid", "member", "xmin")} FROM pg_catalog.pg_auth_members
    UNION ALL
    SELECT ${mark("classid", "objid", "xmin")} FROM pg_catalog.pg_depend WHERE refclassid = ${catalog("pg_publication")}
    UNION ALL
    SELECT ${mark("i.inhparent", "i.inhrelid", "i.xmin")} FROM pg_catalog.pg_inherits i
     WHERE EXISTS (SELECT FROM pg_catalog.pg_inherits below WHERE below.inhparent = i.inhrelid)) m`;

export async function readMarks(session: Session): Promise<Marks> {
  const tables = await session.query<{ oid: string; mark: Mark }>(TABLES);
  const [others] = await session.query<{ mark: Mark }>(OTHER);
  return { tables: new Map(tables.map(({ oid, mark }) => [oid, mark])), others: others?.mark ?? "" };
}
