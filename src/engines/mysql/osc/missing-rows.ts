import type { Session } from "../../engine.js";
import { quote } from "../names.js";

/** More are not counted. */
export const MOST = 1_000;

/** So many may have been deleted since the exchange, which was a moment ago. */
const FEW = 100;

/** One row in so many. */
const SHARE = 100;

export const isSmallShare = (missing: number, rows: number): boolean => missing <= rows / SHARE;

export async function countRows(session: Session, table: string): Promise<number> {
  const [row] = await session.query<{ n: string }>(`SELECT COUNT(*) AS n FROM ${quote(table)}`);
  return Number(row?.n ?? 0);
}

/** Whether so many of an old table's rows may well have been deleted since: no more than {@link FEW}, nor than one in {@link SHARE}. */
export async function areFew(session: Session, missing: number, old: string): Promise<boolean> {
  if (missing === 0 || missing > FEW) return missing === 0;
  const enough = missing * SHARE;
  const [row] = await session.query<{ n: string }>(
    `SELECT COUNT(*) AS n FROM (SELECT 1 FROM ${quote(old)} LIMIT ${enough}) o`,
  );
  return isSmallShare(missing, Number(row?.n ?? 0));
}

/** The columns that tell a row of a table: the primary key, else a unique key without NULL; null where there is none. */
async function keyOf(session: Session, table: string): Promise<readonly string[] | null> {
  const rows = await session.query<{ key: string; name: string | null; nullable: string }>(
    `SELECT INDEX_NAME AS \`key\`, COLUMN_NAME AS name, NULLABLE AS nullable FROM information_schema.STATISTICS
      WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND NON_UNIQUE = 0 AND SUB_PART IS NULL
      ORDER BY INDEX_NAME <> 'PRIMARY', INDEX_NAME, SEQ_IN_INDEX`,
    [table],
  );
  for (const key of new Set(rows.map((r) => r.key))) {
    const own = rows.filter((r) => r.key === key);
    if (own.every((r) => r.name !== null && r.nullable !== "YES")) return own.map((r) => r.name ?? "");
  }
  return null;
}

/** Without a key rows cannot be told apart, only counted. */
async function fewer(session: Session, table: string, old: string): Promise<number> {
  const [row] = await session.query<{ n: string }>(
    `SELECT (SELECT COUNT(*) FROM ${quote(old)}) - (SELECT COUNT(*) FROM ${quote(table)}) AS n`,
  );
  return Math.min(MOST, Math.max(0, Number(row?.n ?? 0)));
}

/**
 * How many rows of the table as it was are not in the one that has taken its place, {@link MOST} at most: they were deleted
 * since the exchange, or never copied. Where the table as it was has no key, by how many rows it has more.
 */
export async function missingRows(session: Session, table: string, old: string): Promise<number> {
  const key = await keyOf(session, old);
  if (key === null) return fewer(session, table, old);
  const same = key.map((c) => `n.${quote(c)} = o.${quote(c)}`).join(" AND ");
  const [row] = await session.query<{ n: string }>(
    `SELECT COUNT(*) AS n FROM (SELECT 1 FROM ${quote(old)} o
      WHERE NOT EXISTS (SELECT 1 FROM ${quote(table)} n WHERE ${same}) LIMIT ${MOST}) m`,
  );
  return Number(row?.n ?? 0);
}
