import { type RelationName, show } from "../../../model/name.js";
import type { Batch, RowColumn, RowTexts, RowWrite, Session, ValueForm } from "../../engine.js";
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

function constant({ form, type }: RowColumn, text: string | null): string {
  if (text === null) return "NULL";
  if (form === "bytes") return `UNHEX(${literal(text)})`;
  // As a text it would be taken for bits itself.
  return type === "bit" ? `CAST(${literal(text)} AS UNSIGNED)` : literal(text);
}

/** Row by row: neither server casts a list of constants to the types of columns as an assignment does. */
export async function writeRows(
  session: Session,
  { key, work }: Batch,
  columns: readonly RowColumn[],
  rows: readonly RowWrite[],
): Promise<number> {
  const keeps = (work.code?.keeps ?? []).map((name) => `${quote(name)} = ${quote(name)}`);
  let changed = 0;
  for (const { key: at, set } of rows) {
    const written = columns.filter(({ name }) => set.has(name));
    const assigned = written.map((c) => `${quote(c.name)} = ${constant(c, set.get(c.name) ?? null)}`);
    changed += await changes(
      session,
      `UPDATE ${quoteRelation(work.relation)} SET ${[...assigned, ...keeps].join(", ")} WHERE ${equals(key, at)}`,
    );
  }
  return changed;
}
