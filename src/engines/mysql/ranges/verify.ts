import type { Session, VerifyBatch, VerifyResult } from "../../engine.js";
import { quoteRelation } from "../names.js";
import { keyList, keyTexts, nextRange, range } from "./keys.js";

/** How many mismatching rows are named. */
const EXAMPLES = 5;

/** Counts mismatching rows among the next `rows` in key order, and names the keys of a few. */
export async function verifyBatch(session: Session, batch: VerifyBatch): Promise<VerifyResult> {
  const { key, after, rows, work } = batch;
  const { last: end, scanned } = await nextRange(session, { relation: work.relation, key, after, upTo: null, rows });
  if (end === null) return { last: null, scanned: 0, mismatches: 0, examples: [] };
  const last = scanned < rows ? null : end;
  const from = `FROM ${quoteRelation(work.relation)} WHERE ${range(key, after, end)} AND (${work.mismatch})`;
  const [count] = await session.query<{ n: string }>(`SELECT COUNT(*) AS n ${from}`);
  const mismatches = Number(count?.n ?? 0);
  if (mismatches === 0) return { last, scanned, mismatches, examples: [] };
  const found = await session.query(`SELECT ${keyTexts(key)} ${from} ORDER BY ${keyList(key)} LIMIT ${EXAMPLES}`);
  return { last, scanned, mismatches, examples: found.map((row) => Object.values(row).join(", ")) };
}
