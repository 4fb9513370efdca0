import { type RelationName, show } from "../../../model/name.js";
import { byColumns } from "../../by-columns.js";
import { bytesEndQuery } from "../../bytes-end.js";
import type { Batch, Cursor, RowColumn, RowTexts, RowWrite, Session, ValueForm } from "../../engine.js";
import { literal, quote, quoteRelation } from "../names.js";
import { changes } from "./batch.js";
import { cursorOf, equals, keyList, keyTexts, range } from "./keys.js";

const NUMBER = /^(?:tinyint|smallint|mediumint|int|year|float|double)$/;
const BIGINT = /^(?:bigint|bit)$/;
const PLAIN = /^(?:char|varchar|tinytext|text|mediumtext|longtext|enum|set|json)$/;
const BYTES =
  /^(?:binary|varbinary|tinyblob|blob|mediumblob|longblob|vector|geometry|point|linestring|polygon|multipoint|multilinestring|multipolygon|geomcollection|geometrycollection)$/;

function formOf(type: string): ValueForm {
  if (NUMBER.test(type)) return "number";
  if (BIGINT.test(type)) return "bigint";
  return BYTES.test(type) ? "bytes" : "text";
}

/** @throws Error for a column that is not there */
export async function rowColumns(
  session: Session,
  relation: RelationName,
  names: readonly string[],
): Promise<readonly RowColumn[]> {
  const found = await session.query<{ name: string; type: string }>(
    "SELECT COLUMN_NAME AS name, LOWER(DATA_TYPE) AS type FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = COALESCE(?, DATABASE()) AND TABLE_NAME = ?",
    [relation.schema, relation.name],
  );
  const types = new Map(found.map(({ name, type }) => [name.toLowerCase(), type]));
  return names.map((name) => {
    const type = types.get(name.toLowerCase());
    if (type === undefined) throw new Error(`${show(relation)} has no column ${name} any more`);
    return Object.freeze({ name, type, form: formOf(type) });
  });
}

/** An exact text. A FLOAT is printed with six digits, and with all of them as the DOUBLE that it is. */
function textOf({ name, type, form }: RowColumn): string {
  const column = quote(name);
  if (form === "bytes") return `HEX(${column})`;
  if (PLAIN.test(type)) return column;
  if (type === "float") return `CAST(${column} + 0e0 AS CHAR)`;
  return `CAST(${type === "bit" ? `${column} + 0` : column} AS CHAR)`;
}

/** Rows that are locked are read as they are when the lock is had. */
export async function readRows(
  session: Session,
  { key, after, upTo, work }: Batch,
  columns: readonly RowColumn[],
  lock: boolean,
): Promise<readonly RowTexts[]> {
  const texts = columns.map((column, n) => `${textOf(column)} AS v${n}`);
  const rows = await session.query(
    `SELECT ${[keyTexts(key), ...texts].join(", ")} FROM ${quoteRelation(work.relation)} WHERE ${range(key, after, upTo)} AND (${work.where}) ORDER BY ${keyList(key)}${lock ? " FOR UPDATE" : ""}`,
  );
  return rows.map((row) => ({
    key: cursorOf(key, row) ?? [],
    values: columns.map((_, n) => (row[`v${n}`] ?? null) as string | null),
  }));
}

/** See `Database.bytesEnd`. */
export async function bytesEnd(
  session: Session,
  { key, after, upTo, work }: Batch,
  columns: readonly RowColumn[],
  mostBytes: number,
): Promise<Cursor> {
  const lengths = columns.map((column) => `COALESCE(LENGTH(${textOf(column)}), 0)`);
  const from = `${quoteRelation(work.relation)} WHERE ${range(key, after, upTo)} AND (${work.where})`;
  const rows = { keys: keyTexts(key), order: keyList(key), from };
  const [row] = await session.query(bytesEndQuery({ ...rows, bytes: lengths.join(" + ") }, mostBytes));
  return Number(row?.zmigrate_whole) === 1 ? null : cursorOf(key, row);
}

function constant({ form, type }: RowColumn, text: string | null): string {
  if (text === null) return "NULL";
  if (form === "bytes") return `UNHEX(${literal(text)})`;
  // As a text it would be taken for bits itself.
  return type === "bit" ? `CAST(${literal(text)} AS UNSIGNED)` : literal(text);
}

/** Each row of a statement is compared with so many keys. */
const ROWS_AT_ONCE = 100;

/** One statement for rows of which the same columns are written. A list of constants would be of one type, and not of the columns'. */
function updateOf({ key, work }: Batch, columns: readonly RowColumn[], rows: readonly RowWrite[]): string {
  const at = rows.map((row) => ({ ...row, is: equals(key, row.key) }));
  const set = columns.map((column) => {
    const values = at.map((row) => `WHEN ${row.is} THEN ${constant(column, row.set.get(column.name) ?? null)}`);
    return `${quote(column.name)} = CASE ${values.join(" ")} END`;
  });
  const keeps = (work.code?.keeps ?? []).map((name) => `${quote(name)} = ${quote(name)}`);
  const which = at.map(({ is }) => `(${is})`).join(" OR ");
  return `UPDATE ${quoteRelation(work.relation)} SET ${[...set, ...keeps].join(", ")} WHERE ${which}`;
}

/** Some rows at a time, each found by its key. */
export async function writeRows(
  session: Session,
  batch: Batch,
  columns: readonly RowColumn[],
  rows: readonly RowWrite[],
): Promise<number> {
  let changed = 0;
  for (const group of byColumns(rows)) {
    const written = columns.filter(({ name }) => group[0]?.set.has(name));
    for (let from = 0; from < group.length; from += ROWS_AT_ONCE)
      changed += await changes(session, updateOf(batch, written, group.slice(from, from + ROWS_AT_ONCE)));
  }
  return changed;
}
