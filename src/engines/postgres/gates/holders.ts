import { mayName } from "../../../history/text.js";
import type { RelationName } from "../../../model/name.js";
import type { Operation } from "../../../model/operation.js";
import type { Holder, Session } from "../../engine.js";
import { parsePostgres } from "../parse/index.js";

/** What a statement drops, by the name that it has before the first of them. */
interface Target {
  readonly kind: "column" | "table" | "constraint" | "view" | "materialized view";
  readonly schema: string | null;
  readonly relation: string;
  /** The column or constraint; null for the whole. */
  readonly name: string | null;
}

/** What statements drop, and what else they make anew or take away by its name: `trigger tg`. */
interface Reading {
  readonly targets: Target[];
  readonly handled: Set<string>;
  /** Partitions that are taken out of their tables first. */
  readonly detached: Set<string>;
  /** Names that are given on the way, with those that they stand for. */
  readonly renamed: Map<string, string>;
}

const keyOf = ({ schema, name }: RelationName, column: string): string => JSON.stringify([schema, name, column]);

function readObject({ detail, relation }: Extract<Operation, { kind: "other" }>, reading: Reading): void {
  const { targets, handled, detached } = reading;
  if (detail?.kind === "detach-partition") detached.add(detail.partition.name);
  if (detail?.kind === "drop-table" && relation !== null && !detached.has(relation.name))
    targets.push({ kind: "table", schema: relation.schema, relation: relation.name, name: null });
  if (detail?.kind === "drop-constraint" && relation !== null && detail.name !== null)
    targets.push({ kind: "constraint", schema: relation.schema, relation: relation.name, name: detail.name });
  if (detail?.kind !== "drop-object" && detail?.kind !== "create-object" && detail?.kind !== "alter-object") return;
  const { object, name } = detail;
  if (name === null) return;
  handled.add(`${object.replace("-", " ")} ${name.name}`);
  if (detail.kind === "drop-object" && (object === "view" || object === "materialized-view"))
    targets.push({
      kind: object === "view" ? "view" : "materialized view",
      schema: name.schema,
      relation: name.name,
      name: null,
    });
}

function read(operation: Operation, reading: Reading): void {
  if (operation.kind === "other") readObject(operation, reading);
  if (operation.kind !== "rename-column" && operation.kind !== "drop-column") return;
  const { renamed, targets } = reading;
  const now = (column: string) => renamed.get(keyOf(operation.relation, column)) ?? column;
  if (operation.kind === "rename-column") {
    renamed.set(keyOf(operation.relation, operation.to), now(operation.from));
    return;
  }
  const { schema, name: relation } = operation.relation;
  targets.push({ kind: "column", schema, relation, name: now(operation.column) });
}

function readAll(statements: readonly string[]): Reading {
  const reading: Reading = { targets: [], handled: new Set(), detached: new Set(), renamed: new Map() };
  for (const sql of statements)
    for (const statement of parsePostgres(sql).statements)
      for (const operation of statement.operations) read(operation, reading);
  return reading;
}

const CLASS = (name: string) => `'pg_catalog.${name}'::pg_catalog.regclass`;

/** The relations that are dropped, or of which a part is; a column goes from all that inherit it. */
const ROOTS = `
  given AS (
    SELECT x.*, c.oid FROM pg_catalog.json_to_recordset($1::json) AS x (kind text, schema text, relation text, name text)
    JOIN pg_catalog.pg_class c ON c.relname = x.relation
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname = COALESCE(x.schema, pg_catalog.current_schema())
    WHERE CASE x.kind WHEN 'view' THEN c.relkind = 'v' WHEN 'materialized view' THEN c.relkind = 'm' ELSE c.relkind IN ('r', 'p') END),
  tree AS (
    SELECT oid, kind, name FROM given
    UNION SELECT i.inhrelid, t.kind, t.name FROM tree t JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid WHERE t.kind = 'column'),
  root (classid, objid, objsubid, used) AS (
    SELECT ${CLASS("pg_class")}::oid, t.oid, COALESCE(a.attnum, 0)::int, t.oid::regclass::text || COALESCE('.' || t.name, '')
    FROM tree t LEFT JOIN pg_catalog.pg_attribute a ON t.kind = 'column' AND a.attrelid = t.oid AND a.attname = t.name
    WHERE t.kind <> 'constraint' AND (t.kind <> 'column' OR a.attnum > 0)
    UNION ALL
    SELECT ${CLASS("pg_constraint")}::oid, k.oid, 0, t.oid::regclass::text || '.' || k.conname
    FROM tree t JOIN pg_catalog.pg_constraint k ON t.kind = 'constraint' AND k.conrelid = t.oid AND k.conname = t.name)`;

/** What hangs on something goes with it; what only uses it (`n`) keeps the server from dropping it. */
const HOLDERS = `
  WITH RECURSIVE ${ROOTS},
  goes AS (
    SELECT * FROM root
    UNION
    SELECT d.classid, d.objid, d.objsubid, g.used FROM goes g
    JOIN pg_catalog.pg_depend d ON d.refclassid = g.classid AND d.refobjid = g.objid AND (g.objsubid = 0 OR d.refobjsubid = g.objsubid)
    WHERE d.deptype IN ('a', 'i', 'P', 'S'))
  SELECT DISTINCT x.kind, x.name, x.kind || ' ' || x.shown AS user, g.used
  FROM goes g
  JOIN pg_catalog.pg_depend d ON d.refclassid = g.classid AND d.refobjid = g.objid AND (g.objsubid = 0 OR d.refobjsubid = g.objsubid)
  CROSS JOIN LATERAL pg_catalog.pg_identify_object(d.classid, d.objid, d.objsubid) i
  CROSS JOIN LATERAL (
    SELECT CASE v.relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END AS kind, v.relname::text AS name, v.oid::regclass::text AS shown
      FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class v ON v.oid = r.ev_class
     WHERE d.classid = ${CLASS("pg_rewrite")} AND r.oid = d.objid AND r.rulename = '_RETURN'
    UNION ALL
    SELECT 'rule', r.rulename::text, i.identity FROM pg_catalog.pg_rewrite r
     WHERE d.classid = ${CLASS("pg_rewrite")} AND r.oid = d.objid AND r.rulename <> '_RETURN'
    UNION ALL
    SELECT 'trigger', t.tgname::text, i.identity FROM pg_catalog.pg_trigger t
     WHERE d.classid = ${CLASS("pg_trigger")} AND t.oid = d.objid AND t.tgname !~ '^zzz_zmigrate_'
    UNION ALL
    SELECT 'policy', p.polname::text, i.identity FROM pg_catalog.pg_policy p WHERE d.classid = ${CLASS("pg_policy")} AND p.oid = d.objid
    UNION ALL
    SELECT i.type, f.proname::text, i.identity FROM pg_catalog.pg_proc f WHERE d.classid = ${CLASS("pg_proc")} AND f.oid = d.objid
    UNION ALL
    SELECT 'publication', p.pubname::text, p.pubname::text
      FROM pg_catalog.pg_publication_rel r JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
     WHERE d.classid = ${CLASS("pg_publication_rel")} AND r.oid = d.objid
    UNION ALL
    SELECT CASE WHEN a.attgenerated = '' THEN 'default of' ELSE 'generated column' END, a.attname::text, e.adrelid::regclass::text || '.' || a.attname
      FROM pg_catalog.pg_attrdef e JOIN pg_catalog.pg_attribute a ON a.attrelid = e.adrelid AND a.attnum = e.adnum
     WHERE d.classid = ${CLASS("pg_attrdef")} AND e.oid = d.objid
    UNION ALL
    SELECT CASE k.contype WHEN 'f' THEN 'foreign key' ELSE 'constraint' END, k.conname::text, i.identity
      FROM pg_catalog.pg_constraint k WHERE d.classid = ${CLASS("pg_constraint")} AND k.oid = d.objid
    UNION ALL
    SELECT i.type, COALESCE(i.name, ''), i.identity
     WHERE d.classid NOT IN (${["rewrite", "trigger", "policy", "proc", "publication_rel", "attrdef", "constraint"].map((c) => CLASS(`pg_${c}`)).join(", ")})
  ) x
  WHERE d.deptype = 'n'
    AND NOT EXISTS (SELECT FROM goes o WHERE o.classid = d.classid AND o.objid = d.objid AND o.objsubid IN (0, d.objsubid))
  ORDER BY 3, 4`;

/**
 * What is built on what statements drop, besides what they drop or make anew themselves: the server would refuse them for
 * it (2BP01). What goes along with a column, as its indexes, is not among it.
 */
export async function holdersOf(session: Session, statements: readonly string[]): Promise<readonly Holder[]> {
  const { targets, handled } = readAll(statements);
  // What a block of code makes anew is not read: it is in its text.
  const blocks = statements.filter((sql) => sql.startsWith("DO "));
  if (targets.length === 0) return [];
  const found = await session.query<{ kind: string; name: string } & Holder>(HOLDERS, [JSON.stringify(targets)]);
  const isOther = ({ kind, name }: (typeof found)[number]) =>
    !handled.has(`${kind} ${name}`) && !blocks.some((sql) => mayName(sql, name));
  return found.filter(isOther).map(({ user, used }) => ({ user, used }));
}
