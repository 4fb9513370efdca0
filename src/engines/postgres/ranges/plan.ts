import type { RelationName } from "../../../model/name.js";
import type { Batch, Session } from "../../engine.js";
import { quoteRelation } from "../names.js";
import { begun, updateOf } from "./batch.js";
import { estimateRows } from "./keys.js";

/** A node of a query plan, as EXPLAIN prints it. */
interface Node {
  readonly "Node Type": string;
  readonly Schema?: string;
  readonly "Relation Name"?: string;
  readonly Plans?: readonly Node[];
}

function scannedBy(node: Node): readonly RelationName[] {
  const name = node["Node Type"] === "Seq Scan" ? node["Relation Name"] : undefined;
  const own = name === undefined ? [] : [{ schema: node.Schema ?? null, name }];
  return [...own, ...(node.Plans ?? []).flatMap(scannedBy)];
}

/** Those that are partitions of a table, of its partitions too. */
async function partitionsAmong(session: Session, relation: RelationName, among: readonly RelationName[]) {
  const names = among.map(quoteRelation);
  const rows = await session.query<{ n: number }>(
    `SELECT (s.n - 1)::int AS n FROM pg_catalog.unnest($2::text[]) WITH ORDINALITY AS s(name, n)
      WHERE pg_catalog.to_regclass(s.name) IN (SELECT t.relid FROM pg_catalog.pg_partition_tree($1::pg_catalog.regclass) t)`,
    [quoteRelation(relation), names],
  );
  return rows.flatMap(({ n }) => among[n] ?? []);
}

/**
 * How the server would carry out a batch, where that is by reading the whole table, or a partition that is not small; null where
 * it finds the rows by the key.
 *
 * @param large a partition of fewer rows may be read as a whole
 */
export async function scanOf(session: Session, batch: Batch, large: number): Promise<string | null> {
  const { relation } = batch.work;
  const { sql, values } = updateOf(await begun(session, batch), batch.upTo);
  const [row] = await session.query<{ "QUERY PLAN": string }>(`EXPLAIN (FORMAT JSON, VERBOSE) ${sql}`, values);
  const plans = JSON.parse(row?.["QUERY PLAN"] ?? "[]") as { Plan: Node }[];
  const scanned = plans.flatMap(({ Plan }) => scannedBy(Plan));
  if (scanned.some(({ name }) => name === relation.name)) return "Seq Scan";
  if (scanned.length === 0) return null;
  for (const partition of await partitionsAmong(session, relation, scanned))
    if ((await estimateRows(session, partition)) >= large) return `Seq Scan of the partition ${partition.name}`;
  return null;
}
