import type { Session, VerifyBatch, VerifyResult } from "../../engine.js";
import { quote, quoteRelation } from "../names.js";
import { compare, cursorOf, keyList, keyStands, keyTexts, mustMove } from "./keys.js";
import { endOfWindow, isByPlace } from "./places.js";

/**
 * True. A volatile expression is computed behind the sort and the LIMIT: beside a table that was never analysed the
 * server would otherwise compare all of its rows for each batch.
 */
const LATE = "pg_catalog.random() IS NOT NULL";

/** The table that is read, and the condition as it is of its rows: a part goes by the name of the table above it. */
function readOf({ work, part }: VerifyBatch): { from: string; condition: string } {
  const relation = quoteRelation(work.relation);
  if (part === undefined) return { from: `ONLY ${relation}`, condition: work.mismatch };
  const name = quote(work.relation.name);
  const condition = work.mismatch.replaceAll(`${relation}.`, () => `${name}.`);
  return { from: `ONLY ${quoteRelation(part)} AS ${name}`, condition };
}

/** Counts mismatching rows among the next `rows` in key order, and names the keys of up to five. */
export async function verifyBatch(session: Session, batch: VerifyBatch): Promise<VerifyResult> {
  const { key, after, work, rows } = batch;
  const { from, condition } = readOf(batch);
  const window = isByPlace(key)
    ? await endOfWindow(session, { relation: batch.part ?? work.relation, after, upTo: null, rows })
    : null;
  const bounds = [
    ...(after === null ? [] : [compare(key, ">", 1)]),
    ...(window === null ? [] : [compare(key, "<=", 1 + (after?.length ?? 0))]),
  ];
  const where = bounds.length === 0 ? "" : `WHERE ${bounds.join(" AND ")}`;
  const label = key.columns.map((c) => `${quote(c)}::text`).join(" || ', ' || ");
  const [row] = await session.query<{ scanned: string; mismatches: string; examples: string }>(
    `WITH s AS MATERIALIZED (SELECT ${keyList(key)}, (${condition}) IS TRUE AND ${LATE} AS zmigrate_bad FROM ${from} ${where} ORDER BY ${keyList(key)} LIMIT ${rows})
     SELECT ${keyTexts(key)}, ${keyStands(key)}, (SELECT pg_catalog.count(*) FROM s)::text AS scanned,
            (SELECT pg_catalog.count(*) FROM s WHERE zmigrate_bad)::text AS mismatches,
            (SELECT COALESCE(pg_catalog.json_agg(e.label), '[]') FROM (SELECT ${label} AS label FROM s WHERE zmigrate_bad LIMIT 5) e)::text AS examples
     FROM s ORDER BY ${key.columns.map((c) => `${quote(c)} DESC`).join(", ")} LIMIT 1`,
    [...(after ?? []), ...(window?.end ?? [])],
  );
  // Fewer rows than there may be: that was the end, or all of these blocks.
  const end = window === null || window.isLast ? null : window.end;
  if (row === undefined) return { last: end, scanned: 0, mismatches: 0, examples: [] };
  mustMove(key, after, row);
  const scanned = Number(row.scanned);
  return {
    last: scanned < rows ? end : cursorOf(key, row),
    scanned,
    mismatches: Number(row.mismatches),
    examples: JSON.parse(row.examples) as string[],
  };
}
