import { ZmigrateError } from "../../../errors.js";
import type { Index } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import type { Session } from "../../engine.js";
import { ORDERS_ROWS } from "../ranges/keys.js";
import { commentOn } from "./comment.js";
import { type Among, IS_AMONG, NOT_OURS } from "./tables.js";

interface IndexRow {
  readonly oid: string;
  readonly kind: string;
  readonly schema: string;
  readonly relation: string;
  readonly name: string;
  readonly columns: string | null;
  readonly definition: string;
  readonly unique: boolean;
  readonly valid: boolean;
  readonly constraint: string | null;
  readonly comment: string | null;
  readonly replicaIdentity: boolean;
  readonly clustered: boolean;
  readonly walkable: boolean;
  readonly statistics: string | null;
  readonly tablespace: string | null;
  readonly predicate: string | null;
}

/** Key columns stand in indkey; columns inside expressions and predicates only in pg_depend. */
const INDEXES = `
  SELECT x.indrelid::text AS oid, c.relkind::text AS kind, n.nspname::text AS schema, c.relname::text AS relation, i.relname::text AS name,
         (SELECT pg_catalog.json_agg(DISTINCT a.attname::text) FROM pg_catalog.pg_attribute a
           WHERE a.attrelid = x.indrelid AND (a.attnum = ANY (x.indkey) OR EXISTS (
             SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass
                AND d.objid = x.indexrelid AND d.refclassid = 'pg_catalog.pg_class'::regclass
                AND d.refobjid = x.indrelid AND d.refobjsubid = a.attnum)) AND a.attnum > 0)::text AS columns,
         pg_catalog.pg_get_indexdef(x.indexrelid) AS definition, x.indisunique AS unique,
         x.indisvalid AS valid, r.conname::text AS constraint,
         ${commentOn("x.indexrelid", "pg_class")} AS comment,
         x.indisreplident AS "replicaIdentity", x.indisclustered AS clustered, ${ORDERS_ROWS} AS walkable,
         (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('column', a.attnum, 'target', a.attstattarget) ORDER BY a.attnum)
            FROM pg_catalog.pg_attribute a WHERE a.attrelid = x.indexrelid AND a.attstattarget >= 0)::text AS statistics,
         (SELECT pg_catalog.quote_ident(s.spcname) FROM pg_catalog.pg_tablespace s WHERE s.oid = i.reltablespace) AS tablespace,
         pg_catalog.pg_get_expr(x.indpred, x.indrelid) AS predicate
  FROM pg_catalog.pg_index x
  JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid JOIN pg_catalog.pg_class c ON c.oid = x.indrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_constraint r ON r.conindid = x.indexrelid AND r.conrelid = x.indrelid AND r.contype IN ('p', 'u', 'x')
  WHERE c.relkind IN ('r', 'p', 'm') AND ${NOT_OURS} AND ${IS_AMONG}
  ORDER BY x.indrelid, i.relname`;

/** What the server prints leaves out the tablespace, which stands before the predicate. */
function definitionOf({ definition, tablespace, predicate }: IndexRow): string {
  if (tablespace === null) return definition;
  const where = predicate === null ? "" : ` WHERE ${predicate}`;
  if (!definition.endsWith(where))
    throw new ZmigrateError("internal", { reason: `the predicate ${predicate} is not at the end of: ${definition}` });
  return `${definition.slice(0, definition.length - where.length)} TABLESPACE ${tablespace}${where}`;
}

function indexOf(row: IndexRow): Index {
  const { name, unique, valid, constraint, comment, replicaIdentity, clustered, walkable } = row;
  return Object.freeze({
    name,
    columns: JSON.parse(row.columns ?? "[]") as string[],
    definition: definitionOf(row),
    unique,
    valid,
    constraint,
    comment,
    replicaIdentity,
    clustered,
    walkable,
    statistics: JSON.parse(row.statistics ?? "[]") as { column: number; target: number }[],
  });
}

/** The indexes of a table or a materialized view. */
interface IndexesOfOne {
  /** Null for a table. */
  readonly view: RelationName | null;
  readonly indexes: readonly Index[];
}

/** Of each table and materialized view, by its oid. */
export type IndexesByRelation = ReadonlyMap<string, IndexesOfOne>;

export async function readIndexes(session: Session, among: Among): Promise<IndexesByRelation> {
  const found = new Map<string, { view: RelationName | null; indexes: Index[] }>();
  for (const row of await session.query<IndexRow>(INDEXES, [among])) {
    const view = row.kind === "m" ? { schema: row.schema, name: row.relation } : null;
    const known = found.get(row.oid);
    if (known === undefined) found.set(row.oid, { view, indexes: [indexOf(row)] });
    else known.indexes.push(indexOf(row));
  }
  return found;
}

const keyOf = ({ schema, name }: RelationName): string => JSON.stringify([schema, name]);

/** Gives the indexes of a materialized view by its name. */
export function indexesOfViews(all: IndexesByRelation): (view: RelationName) => readonly Index[] {
  const views = new Map(
    [...all.values()].flatMap(({ view, indexes }) => (view === null ? [] : [[keyOf(view), indexes] as const])),
  );
  return (view) => views.get(keyOf(view)) ?? [];
}
