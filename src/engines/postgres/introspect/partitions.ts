import type { PartitionOfTable } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import type { Session } from "../../engine.js";

/** How a table stands in a tree of partitions or children. */
export interface TreePlace {
  readonly partitions: readonly PartitionOfTable[];
  /** Null for a table that is no partition: a child by INHERITS is none. */
  readonly partitionOf: RelationName | null;
  readonly partitionKey: readonly string[] | null;
}

interface EdgeRow {
  readonly parent: string;
  readonly child: string;
  readonly parentSchema: string;
  readonly parentName: string;
  readonly schema: string;
  readonly name: string;
  readonly partition: boolean;
  readonly rest: boolean;
  readonly bound: string | null;
  readonly proof: string | null;
}

const EDGES = `
  SELECT i.inhparent::text AS parent, i.inhrelid::text AS child, pn.nspname::text AS "parentSchema", p.relname::text AS "parentName",
         n.nspname::text AS schema, c.relname::text AS name, c.relispartition AS partition,
         c.relispartition AND pg_catalog.pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT' AS rest,
         pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS bound,
         CASE WHEN c.relispartition THEN pg_catalog.pg_get_partition_constraintdef(c.oid) END AS proof
  FROM pg_catalog.pg_inherits i
  JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_class p ON p.oid = i.inhparent JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
  WHERE c.relkind IN ('r', 'p', 'f')
  ORDER BY 5, 6`;

/** A key with an expression has a 0 among its attributes. */
const KEYS = `
  SELECT k.partrelid::text AS oid, 0 = ANY (k.partattrs) AS computed,
         pg_catalog.to_json(ARRAY(
           SELECT a.attname::text FROM pg_catalog.unnest(k.partattrs::int2[]) WITH ORDINALITY u (num, ord)
             JOIN pg_catalog.pg_attribute a ON a.attrelid = k.partrelid AND a.attnum = u.num ORDER BY u.ord))::text AS columns
  FROM pg_catalog.pg_partitioned_table k`;

/** Trees of partitions and children, by table oid; what is not in the map stands alone. */
export async function readPartitions(session: Session): Promise<Map<string, TreePlace>> {
  const edges = await session.query<EdgeRow>(EDGES);
  const keys = await session.query<{ oid: string; computed: boolean; columns: string }>(KEYS);
  const keyOf = new Map(keys.map((k) => [k.oid, k.computed ? null : Object.freeze(JSON.parse(k.columns) as string[])]));
  const oids = new Set([...edges.flatMap((e) => [e.parent, e.child]), ...keyOf.keys()]);
  const below = byParent(edges);
  const above = new Map(edges.filter((e) => e.partition).map((e) => [e.child, e]));
  return new Map([...oids].map((oid) => [oid, placeOf(below.get(oid) ?? [], above.get(oid), keyOf.get(oid) ?? null)]));
}

function byParent(edges: readonly EdgeRow[]): Map<string, EdgeRow[]> {
  const found = new Map<string, EdgeRow[]>();
  for (const edge of edges) {
    const known = found.get(edge.parent);
    if (known === undefined) found.set(edge.parent, [edge]);
    else known.push(edge);
  }
  return found;
}

function placeOf(
  below: readonly EdgeRow[],
  above: EdgeRow | undefined,
  partitionKey: readonly string[] | null,
): TreePlace {
  return Object.freeze({
    partitions: Object.freeze(
      below.map((e) =>
        Object.freeze({
          relation: Object.freeze({ schema: e.schema, name: e.name }),
          default: e.rest,
          bound: e.bound,
          proof: e.proof,
        }),
      ),
    ),
    partitionOf: above === undefined ? null : Object.freeze({ schema: above.parentSchema, name: above.parentName }),
    partitionKey,
  });
}

/** The place of a table that is in no tree. */
export const ALONE: TreePlace = placeOf([], undefined, null);
