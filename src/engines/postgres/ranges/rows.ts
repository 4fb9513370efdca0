import { type RelationName, show } from "../../../model/name.js";
import { byColumns } from "../../by-columns.js";
import { bytesEndQuery } from "../../bytes-end.js";
import type { BackfillKey, Batch, Cursor, RowColumn, RowTexts, RowWrite, Session, ValueForm } from "../../engine.js";
import type { PostgresSession } from "../execute/session.js";
import { quote, quoteRelation } from "../names.js";
import { begun, boundsOf, judgeDeferred, rowsOf } from "./batch.js";
import { cursorOf, keyList, keyTexts } from "./keys.js";

/** Base types by oid that JavaScript has values for: int2, int4, oid, float4, float8; int8; bool; bytea. */
const FORMS: ReadonlyMap<number, ValueForm> = new Map([
  ...[21, 23, 26, 700, 701].map((oid) => [oid, "number"] as const),
  [20, "bigint"],
  [16, "boolean"],
  [17, "bytes"],
]);

/**
 * The types below domains, without modifiers: a cast to varchar(3) would cut a value that an assignment refuses. With a
 * modifier of -1 `character` is printed as `bpchar`, which has no length.
 */
const COLUMNS = `
  WITH RECURSIVE base (name, oid) AS (
    SELECT a.attname, a.atttypid FROM pg_catalog.pg_attribute a
     WHERE a.attrelid = pg_catalog.to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped
     UNION ALL
    SELECT b.name, t.typbasetype FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.oid WHERE t.typtype = 'd')
  SELECT b.name::text AS name, b.oid::int8::text AS oid, pg_catalog.format_type(b.oid, -1) AS type
    FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.oid WHERE t.typtype <> 'd'`;

/** @throws Error for a column that is not there */
export async function rowColumns(
  session: Session,
  relation: RelationName,
  names: readonly string[],
): Promise<readonly RowColumn[]> {
  const found = await session.query<{ name: string; oid: string; type: string }>(COLUMNS, [quoteRelation(relation)]);
  const byName = new Map(found.map((row) => [row.name, row]));
  return names.map((name) => {
    const row = byName.get(name);
    if (row === undefined) throw new Error(`${show(relation)} has no column ${name} any more`);
    return Object.freeze({ name, type: row.type, form: FORMS.get(Number(row.oid)) ?? "text" });
  });
}

const textOf = ({ name, form }: RowColumn): string =>
  form === "bytes" ? `pg_catalog.encode(${quote(name)}, 'hex')` : `${quote(name)}::text`;

/** Rows that are locked are read as they are when the lock is had. */
export async function readRows(
  session: Session,
  batch: Batch,
  columns: readonly RowColumn[],
  lock: boolean,
): Promise<readonly RowTexts[]> {
  const { key, upTo, work } = batch;
  const from = await begun(session, batch);
  const texts = columns.map((column, n) => `${textOf(column)} AS v${n}`);
  const rows = await session.query(
    `SELECT ${[keyTexts(key), ...texts].join(", ")} FROM ${rowsOf(from)} AND (${work.where}) ORDER BY ${keyList(key)}${lock ? " FOR NO KEY UPDATE" : ""}`,
    boundsOf(from, upTo),
  );
  return rows.map((row) => ({
    key: cursorOf(key, row) ?? [],
    values: columns.map((_, n) => row[`v${n}`] as string | null),
  }));
}

/** See `Database.bytesEnd`. */
export async function bytesEnd(
  session: Session,
  batch: Batch,
  columns: readonly RowColumn[],
  mostBytes: number,
): Promise<Cursor> {
  const { key, upTo, work } = batch;
  const begins = await begun(session, batch);
  const lengths = columns.map((column) => `COALESCE(pg_catalog.octet_length(${textOf(column)}), 0)`);
  const rows = { keys: keyTexts(key), order: keyList(key), from: `${rowsOf(begins)} AND (${work.where})` };
  const sql = bytesEndQuery({ ...rows, bytes: lengths.join(" + ") }, mostBytes);
  const [row] = await session.query(sql, boundsOf(begins, upTo));
  return row?.zmigrate_whole === 1 ? null : cursorOf(key, row);
}

/** What a row gets, of what the server is sent as texts. */
const assigned = ({ form, type }: RowColumn, text: string): string =>
  form === "bytes" ? `pg_catalog.decode(${text}, 'hex')` : `${text}::${type}`;

/** One statement for rows of which the same columns are written. */
function updateOf({ work, key }: Batch, columns: readonly RowColumn[]): string {
  const arrays = [...key.columns, ...columns].map((_, n) => `pg_catalog.unnest($${n + 1}::text[])`);
  const names = [...key.columns.map((_, n) => `k${n}`), ...columns.map((_, n) => `s${n}`)];
  const set = columns.map((column, n) => `${quote(column.name)} = ${assigned(column, `zmigrate_v.s${n}`)}`);
  const only = work.statement?.only === true ? "ONLY " : "";
  return `UPDATE ${only}${quoteRelation(work.relation)} AS zmigrate_t SET ${set.join(", ")}
    FROM ROWS FROM (${arrays.join(", ")}) AS zmigrate_v (${names.join(", ")}) WHERE ${onKey(key)}`;
}

const onKey = ({ columns, types }: BackfillKey): string =>
  columns.map((c, n) => `zmigrate_t.${quote(c)} = zmigrate_v.k${n}::${types[n]}`).join(" AND ");

/** Casts are those of an assignment, so that a text that is too long is refused and not cut. */
export async function writeRows(
  session: PostgresSession,
  batch: Batch,
  columns: readonly RowColumn[],
  rows: readonly RowWrite[],
): Promise<number> {
  let changed = 0;
  for (const group of byColumns(rows)) {
    const written = columns.filter(({ name }) => group[0]?.set.has(name));
    const values = [
      ...batch.key.columns.map((_, n) => group.map((row) => row.key[n])),
      ...written.map(({ name }) => group.map((row) => row.set.get(name) ?? null)),
    ];
    changed += await session.change(updateOf(batch, written), values);
  }
  await judgeDeferred(session);
  return changed;
}
