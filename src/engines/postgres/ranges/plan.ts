import type { Batch, Session } from "../../engine.js";
import { begun, updateOf } from "./batch.js";

/** A node of a query plan, as EXPLAIN prints it. */
interface Node {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly Plans?: readonly Node[];
}

const scanned = (node: Node, table: string): boolean =>
  (node["Node Type"] === "Seq Scan" && node["Relation Name"] === table) ||
  (node.Plans ?? []).some((below) => scanned(below, table));

/** How the server would carry out a batch, where that is by reading the whole table; null where it finds the rows by the key. */
export async function scanOf(session: Session, batch: Batch): Promise<string | null> {
  const { sql, values } = updateOf(await begun(session, batch), batch.upTo);
  const [row] = await session.query<{ "QUERY PLAN": string }>(`EXPLAIN (FORMAT JSON) ${sql}`, values);
  const plans = JSON.parse(row?.["QUERY PLAN"] ?? "[]") as { Plan: Node }[];
  return plans.some(({ Plan }) => scanned(Plan, batch.work.relation.name)) ? "Seq Scan" : null;
}
