import { ZmigrateError } from "../../../errors.js";
import type { RelationName } from "../../../model/name.js";
import type { BackfillWork } from "../../../model/step.js";
import type { BackfillKey, Cursor, Session } from "../../engine.js";
import { quote, quoteRelation } from "../names.js";
import { isByPlace, lastPlace, PLACES } from "./places.js";

interface KeyRow {
  readonly columns: string;
  readonly types: string;
}

/**
 * True in SQL for a `pg_index x` that orders every row of its table: unique at every moment, whole, and NOT NULL, which
 * PostgreSQL 18 calls a column as soon as new rows must be.
 */
export const ORDERS_ROWS = `(
  x.indisunique AND x.indisvalid AND x.indimmediate AND x.indpred IS NULL AND x.indexprs IS NULL AND NOT EXISTS (
    SELECT FROM pg_catalog.unnest(x.indkey) WITH ORDINALITY AS i(attnum, n)
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = i.attnum AND a.attnum > 0
    WHERE i.n <= x.indnkeyatts AND (a.attnotnull IS NOT TRUE OR EXISTS (
      SELECT FROM pg_catalog.pg_constraint r WHERE r.conrelid = a.attrelid AND r.contype = 'n'
         AND r.conkey = ARRAY[a.attnum] AND NOT r.convalidated))))`;

/**
 * The primary key comes first, then the narrowest. Types have their modifiers: a cast to a bare `character` or `bit` is
 * one to a single character.
 */
const KEYS = `
  SELECT k.columns::text AS columns, k.types::text AS types
  FROM pg_catalog.pg_index x
  CROSS JOIN LATERAL (
    SELECT pg_catalog.json_agg(a.attname::text ORDER BY i.n) AS columns,
           pg_catalog.json_agg(pg_catalog.format_type(a.atttypid, a.atttypmod) ORDER BY i.n) AS types,
           pg_catalog.sum(a.attlen) AS width
    FROM pg_catalog.unnest(x.indkey) WITH ORDINALITY AS i(attnum, n)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = i.attnum
    WHERE i.n <= x.indnkeyatts) k
  WHERE x.indrelid = pg_catalog.to_regclass($1) AND ${ORDERS_ROWS}
  ORDER BY x.indisprimary DESC, pg_catalog.cardinality(x.indkey), k.width`;

/** A table that holds rows of its own, in blocks. */
async function hasPlaces(session: Session, relation: string): Promise<boolean> {
  const [table] = await session.query(
    `SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_am m ON m.oid = c.relam
      WHERE c.oid = pg_catalog.to_regclass($1) AND c.relkind = 'r' AND m.amname = 'heap'`,
    [relation],
  );
  return table !== undefined;
}

/**
 * The key that a backfill walks: the one that was asked for, else the primary key, else a NOT NULL unique one. Without any
 * it is the places of the rows, unless an author's statement decides what a row becomes.
 *
 * @throws ZmigrateError no-key
 */
export async function keyOf(
  session: Session,
  work: Pick<BackfillWork, "relation" | "key" | "statement">,
): Promise<BackfillKey> {
  const relation = quoteRelation(work.relation);
  const rows = await session.query<KeyRow>(KEYS, [relation]);
  const keys = rows.map((r) => ({
    columns: JSON.parse(r.columns) as string[],
    types: JSON.parse(r.types) as string[],
  }));
  const wanted = work.key;
  const key = wanted === null ? keys[0] : keys.find((k) => k.columns.join("\0") === wanted.join("\0"));
  if (key !== undefined) return Object.freeze(key);
  if (wanted === null && work.statement === undefined && (await hasPlaces(session, relation))) return PLACES;
  throw new ZmigrateError("no-key", {
    relation: wanted === null ? relation : `${relation} (asked for ${wanted.join(", ")})`,
    deferrable: true,
  });
}

export const keyList = (key: BackfillKey): string => key.columns.map(quote).join(", ");

/** Key values as exact texts: `k0`, `k1`, ... */
export const keyTexts = (key: BackfillKey): string =>
  key.columns.map((c, n) => `${quote(c)}::text AS k${n}`).join(", ");

/**
 * A value that is bound. Of a constant of type "char" the planner would ask the statistics by a collation that the type does not have, and
 * fail (PostgreSQL 18: cache lookup failed for collation 0).
 */
const bound = (n: number, type: string): string => (type === '"char"' ? `(SELECT $${n}::"char")` : `$${n}::${type}`);

/**
 * `"a" >= $1::int8 AND ROW("a", "b") > ROW($1::int8, $2::text)`: a row comparison uses the index's order for all columns at
 * once. Of two of them the planner does not see that they are a range, and takes them for a quarter of the table: the
 * bound on the first column tells it.
 *
 * @param of what the statement calls the table, where it may have others
 */
export function compare(key: BackfillKey, operator: ">" | ">=" | "<=", from: number, of: string | null = null): string {
  const values = key.types.map((type, n) => bound(from + n, type));
  const columns = key.columns.map((c) => (of === null ? quote(c) : `${quote(of)}.${quote(c)}`));
  const whole = `ROW(${columns.join(", ")}) ${operator} ROW(${values.join(", ")})`;
  return columns.length === 1 ? whole : `${columns[0]} ${operator === "<=" ? "<=" : ">="} ${values[0]} AND ${whole}`;
}

/** The rows of a table and not of those that inherit from it; of a partitioned one, which has none of its own, all. */
async function rowsOf(session: Session, relation: RelationName): Promise<string> {
  const name = quoteRelation(relation);
  const [table] = await session.query(
    "SELECT 1 FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass($1) AND relkind = 'p'",
    [name],
  );
  return table === undefined ? `ONLY ${name}` : name;
}

/** In the select list of `keyTexts`: whether the texts, read back, are the key again. What is not could skip rows or never end. */
export const keyStands = (key: BackfillKey): string =>
  `(${key.columns.map((c, n) => `${quote(c)} = (${quote(c)}::text)::${key.types[n]}`).join(" AND ")}) AS stands`;

/**
 * A walk goes forward: its place reads back, and lies behind the one before.
 *
 * @throws ZmigrateError internal, where it would go on for ever or past rows
 */
export function mustMove(key: BackfillKey, after: Cursor, row: Record<string, unknown> | undefined): void {
  if (row === undefined) return;
  const last = cursorOf(key, row);
  if (row.stands === true && JSON.stringify(last) !== JSON.stringify(after)) return;
  const reason = row.stands === true ? "does not move" : "does not read back as it was written";
  throw new ZmigrateError("internal", {
    reason: `the walk over ${key.columns.join(", ")} (${key.types.join(", ")}) ${reason}: ${last?.join(", ")}`,
  });
}

/** The cursor in a row of `keyTexts`. */
export function cursorOf(key: BackfillKey, row: Record<string, unknown> | undefined): Cursor {
  if (row === undefined) return null;
  return Object.freeze(key.columns.map((_, n) => String(row[`k${n}`])));
}

/** The greatest key: the fixed end of a backfill. Null for an empty table. */
export async function lastKey(session: Session, relation: RelationName, key: BackfillKey): Promise<Cursor> {
  if (isByPlace(key)) return lastPlace(session, relation);
  const order = key.columns.map((c) => `${quote(c)} DESC`).join(", ");
  const [row] = await session.query(
    `SELECT ${keyTexts(key)} FROM ${await rowsOf(session, relation)} ORDER BY ${order} LIMIT 1`,
  );
  return cursorOf(key, row);
}

/** What the planner expects a table to hold, by its size now. */
async function plannedRows(session: Session, rows: string): Promise<number> {
  const [row] = await session.query<{ "QUERY PLAN": string }>(`EXPLAIN (FORMAT JSON) SELECT FROM ${rows}`);
  const [plan] = JSON.parse(row?.["QUERY PLAN"] ?? "[]") as { Plan: { "Plan Rows": number } }[];
  return plan?.Plan["Plan Rows"] ?? 0;
}

/** So many rows are counted where the planner has nothing to go by but the size. */
const COUNTED = 1_000_000;

/** The planner's estimate, and a bounded count where the table was never analysed. */
export async function estimateRows(session: Session, relation: RelationName, counted = COUNTED): Promise<number> {
  const rows = await rowsOf(session, relation);
  const [known] = await session.query<{ rows: number }>(
    "SELECT reltuples AS rows FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass($1)",
    [quoteRelation(relation)],
  );
  if (known !== undefined && known.rows > 0) return plannedRows(session, rows);
  const [count] = await session.query<{ rows: string }>(
    `SELECT pg_catalog.count(*)::text AS rows FROM (SELECT FROM ${rows} LIMIT ${counted}) t`,
  );
  const found = Number(count?.rows ?? 0);
  return found < counted ? found : Math.max(found, await plannedRows(session, rows));
}
