import { ZmigrateError } from "../../../errors.js";
import type { RelationName } from "../../../model/name.js";
import type { BackfillKey, Cursor, Session } from "../../engine.js";
import { classify } from "../execute/errors.js";
import { groupBy } from "../introspect/text.js";
import { literal, quote, quoteRelation } from "../names.js";

/**
 * Types whose order and comparison agree, so that ranges meet every row once. ENUM and SET sort by number and compare
 * by text; FLOAT does not come back as it went. A BIT is walked as the number that it is.
 */
const NUMBER = /^(?:tinyint|smallint|mediumint|int|bigint|decimal|year)$/;
const BINARY = /^(?:binary|varbinary)$/;
const TEXT = /^(?:char|varchar|date|datetime|timestamp|time|uuid|inet4|inet6)$/;
const BIT = /^bit$/;

/** Can a key be walked by a column of this type, as information_schema names it? */
export const orders = (type: string): boolean =>
  NUMBER.test(type) || BINARY.test(type) || TEXT.test(type) || BIT.test(type);

interface KeyRow {
  readonly name: string;
  readonly columnName: string | null;
  readonly type: string | null;
  readonly whole: string | number;
}

/** Key parts of the unique indexes of a table, the primary key first. */
const KEYS = `
  SELECT s.INDEX_NAME AS name, s.COLUMN_NAME AS columnName, c.DATA_TYPE AS type,
         (s.SUB_PART IS NULL AND c.IS_NULLABLE = 'NO') AS whole
  FROM information_schema.STATISTICS s
  LEFT JOIN information_schema.COLUMNS c
    ON c.TABLE_SCHEMA = s.TABLE_SCHEMA AND c.TABLE_NAME = s.TABLE_NAME AND c.COLUMN_NAME = s.COLUMN_NAME
  WHERE s.TABLE_SCHEMA = COALESCE(?, DATABASE()) AND s.TABLE_NAME = ? AND s.NON_UNIQUE = 0
  ORDER BY s.INDEX_NAME <> 'PRIMARY', s.INDEX_NAME, s.SEQ_IN_INDEX`;

/** @returns null for an index that cannot order the whole table */
function usable(rows: readonly KeyRow[]): BackfillKey | null {
  const columns: string[] = [];
  const types: string[] = [];
  for (const { columnName, type, whole } of rows) {
    if (columnName === null || type === null || Number(whole) !== 1 || !orders(type)) return null;
    columns.push(columnName);
    types.push(type);
  }
  return Object.freeze({ columns: Object.freeze(columns), types: Object.freeze(types) });
}

const sameColumns = (key: BackfillKey, wanted: readonly string[]) =>
  key.columns.join("\0").toLowerCase() === wanted.join("\0").toLowerCase();

/**
 * The key that a backfill walks: the one that was asked for, else the primary key, else the narrowest NOT NULL unique
 * one.
 *
 * @throws ZmigrateError no-key
 */
export async function keyOf(
  session: Session,
  work: { relation: RelationName; key: readonly string[] | null },
): Promise<BackfillKey> {
  const rows = await session.query<KeyRow>(KEYS, [work.relation.schema, work.relation.name]);
  const named = [...groupBy(rows, (row) => row.name)].map(([name, parts]) => ({ name, key: usable(parts) }));
  const keys = named.flatMap(({ name, key }) => (key === null ? [] : [{ key, primary: name === "PRIMARY" }]));
  keys.sort((a, b) => Number(b.primary) - Number(a.primary) || a.key.columns.length - b.key.columns.length);
  const wanted = work.key;
  const found = wanted === null ? keys[0] : keys.find(({ key }) => sameColumns(key, wanted));
  if (found !== undefined) return found.key;
  const relation = quoteRelation(work.relation);
  await mustBeReadable(session, relation);
  throw new ZmigrateError("no-key", {
    relation: wanted === null ? relation : `${relation} (asked for ${wanted.join(", ")})`,
  });
}

/** To a user who may not read a table the catalog shows no key of it. @throws the server's error about that */
async function mustBeReadable(session: Session, relation: string): Promise<void> {
  await session.query(`SELECT 1 FROM ${relation} LIMIT 0`).catch((error: unknown) => {
    if (classify(error) === "permission") throw error;
  });
}

export const keyList = (key: BackfillKey): string => key.columns.map(quote).join(", ");

export const keyListDescending = (key: BackfillKey): string => key.columns.map((c) => `${quote(c)} DESC`).join(", ");

function textOf(column: string, type: string): string {
  if (BINARY.test(type)) return `HEX(${quote(column)})`;
  return BIT.test(type) ? `CAST(${quote(column)} + 0 AS CHAR)` : `CAST(${quote(column)} AS CHAR)`;
}

/** Key values as exact texts: `k0`, `k1`, ... Bytes as hexadecimal digits, bits as a number. */
export const keyTexts = (key: BackfillKey): string =>
  key.columns.map((c, n) => `${textOf(c, key.types[n] ?? "")} AS k${n}`).join(", ");

/** A value of a cursor as a constant of its type. Numbers stand bare: a quoted one may be compared as a double. */
function constant(type: string, value: string): string {
  if (NUMBER.test(type) || BIT.test(type)) {
    if (!/^-?\d+(?:\.\d+)?$/.test(value))
      throw new ZmigrateError("internal", { reason: `the checkpoint holds ${value}, which is no ${type}` });
    return value;
  }
  if (!BINARY.test(type)) return literal(value);
  if (!/^(?:[0-9a-f]{2})*$/i.test(value))
    throw new ZmigrateError("internal", { reason: `the checkpoint holds ${value}, which is no hexadecimal text` });
  return `X'${value}'`;
}

/**
 * A bound on the key. For several columns it is spelled out, ``a > 1 OR (a = 1 AND b > 2)``: neither server makes a
 * range of a row comparison. A leading `a >= 1` gives the range to optimizers that see none in the OR.
 */
export function bound(
  key: BackfillKey,
  operator: ">" | "<=",
  cursor: readonly string[],
  of: string | null = null,
): string {
  const strict = operator === ">" ? ">" : "<";
  const owner = of === null ? "" : `${quote(of)}.`;
  const term = (n: number, compare: string) =>
    `${owner}${quote(key.columns[n] ?? "")} ${compare} ${constant(key.types[n] ?? "", cursor[n] ?? "")}`;
  const last = key.columns.length - 1;
  if (last === 0) return term(0, operator);
  const alternatives = key.columns.map((_, n) => {
    const equal = key.columns.slice(0, n).map((_, m) => term(m, "="));
    return `(${[...equal, term(n, n === last ? operator : strict)].join(" AND ")})`;
  });
  return `${term(0, operator === ">" ? ">=" : "<=")} AND (${alternatives.join(" OR ")})`;
}

/** The row with a key. */
export const equals = ({ columns, types }: BackfillKey, at: readonly string[]): string =>
  columns.map((c, n) => `${quote(c)} = ${constant(types[n] ?? "", at[n] ?? "")}`).join(" AND ");

/**
 * Rows behind `after`, up to `upTo`; without bounds all of them.
 *
 * @param of what the statement calls the table, where it may have others
 */
export function range(key: BackfillKey, after: Cursor, upTo: Cursor, of: string | null = null): string {
  const bounds = [
    ...(after === null ? [] : [bound(key, ">", after, of)]),
    ...(upTo === null ? [] : [bound(key, "<=", upTo, of)]),
  ];
  return bounds.length === 0 ? "TRUE" : bounds.map((b) => `(${b})`).join(" AND ");
}

/** The cursor in a row of `keyTexts`. */
export function cursorOf(key: BackfillKey, row: Record<string, unknown> | undefined): Cursor {
  if (row === undefined) return null;
  return Object.freeze(key.columns.map((_, n) => String(row[`k${n}`])));
}

/** The greatest key: the fixed end of a backfill. Null for an empty table. */
export async function lastKey(session: Session, relation: RelationName, key: BackfillKey): Promise<Cursor> {
  const [row] = await session.query(
    `SELECT ${keyTexts(key)} FROM ${quoteRelation(relation)} ORDER BY ${keyListDescending(key)} LIMIT 1`,
  );
  return cursorOf(key, row);
}

/** InnoDB's estimate. */
export async function estimateRows(session: Session, relation: RelationName): Promise<number> {
  const [row] = await session.query<{ estimate: string | null }>(
    "SELECT TABLE_ROWS AS estimate FROM information_schema.TABLES WHERE TABLE_SCHEMA = COALESCE(?, DATABASE()) AND TABLE_NAME = ?",
    [relation.schema, relation.name],
  );
  return Number(row?.estimate ?? 0);
}

/** The next `rows` rows behind a key. */
interface NextRows {
  readonly relation: RelationName;
  readonly key: BackfillKey;
  readonly after: Cursor;
  readonly upTo: Cursor;
  readonly rows: number;
}

const rowsIn = ({ relation, key, after, upTo }: NextRows): string =>
  `FROM ${quoteRelation(relation)} WHERE ${range(key, after, upTo)}`;

/** The last of the next `rows` rows; null where there are fewer. */
export async function lastOf(session: Session, given: NextRows): Promise<Cursor> {
  const { key, rows } = given;
  const [row] = await session.query(
    `SELECT ${keyTexts(key)} ${rowsIn(given)} ORDER BY ${keyList(key)} LIMIT 1 OFFSET ${Math.max(0, rows - 1)}`,
  );
  return cursorOf(key, row);
}

/** Where the next `rows` rows end, and how many they are; one scan of the key's index. */
export async function nextRange(session: Session, given: NextRows): Promise<{ last: Cursor; scanned: number }> {
  const { key } = given;
  const from = rowsIn(given);
  const full = await lastOf(session, given);
  if (full !== null) return { last: full, scanned: given.rows };
  const [rest] = await session.query(`SELECT ${keyTexts(key)} ${from} ORDER BY ${keyListDescending(key)} LIMIT 1`);
  if (rest === undefined) return { last: null, scanned: 0 };
  const [count] = await session.query<{ n: string }>(`SELECT COUNT(*) AS n ${from}`);
  return { last: cursorOf(key, rest), scanned: Number(count?.n ?? 0) };
}
