import type { Catalog, Table } from "../../model/catalog.js";
import type { RelationName } from "../../model/name.js";
import { findTable } from "../engine.js";
import { type Cursor, newCursor, Unreadable } from "./parse/cursor.js";
import type { MysqlDialect } from "./parse/dialect.js";
import { tokenize } from "./parse/lexer.js";
import { type FromTable, readTables } from "./parse/query/from.js";
import { isReserved } from "./parse/reserved.js";
import type { Token } from "./parse/token.js";

/** A column that a statement names, and that no table has for it. */
export interface UnknownColumn {
  readonly column: string;
  /** The table that it would be of; null where it could be one of several. */
  readonly relation: RelationName | null;
}

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Words that are not reserved, and yet no column: values, units, types, and what a row has without saying so. */
const NO_COLUMN = words(`UNKNOWN SYSDATE ROWNUM _ROWID MY_ROW_ID ROW_START ROW_END CURRENT_ROLE DUAL ROW NEW OLD
  MICROSECOND SECOND MINUTE HOUR DAY WEEK MONTH QUARTER YEAR DATE TIME DATETIME TIMESTAMP JSON SIGNED UNSIGNED BINARY
  CHAR NCHAR DECIMAL INTEGER DOUBLE REAL FLOAT POINT BOOLEAN LANGUAGE MODE QUERY EXPANSION XML LOCALTIME UTC_DATE UTC_TIME`);
/** Statements with these are not looked into: names in them may be of other things. */
const BEYOND = words(
  "WITH UNION EXCEPT INTERSECT MINUS WINDOW OVER PARTITION PORTION PROCEDURE RETURNING SYSTEM_TIME OJ",
);
/** Between words of these two kinds, or operators, stands an operand. */
const BEFORE = words("WHERE AND OR XOR NOT SET ON SELECT DISTINCT BY WHEN THEN ELSE CASE BETWEEN LIKE HAVING DIV MOD");
const BEHIND = words(`AND OR XOR IS LIKE NOT IN BETWEEN REGEXP RLIKE DIV MOD THEN WHEN ELSE END WHERE ORDER GROUP HAVING
  LIMIT ASC DESC AS FROM COLLATE`);

const isName = (token: Token | undefined): token is Token => token?.kind === "word" || token?.kind === "quoted";
const isSign = (token: Token | undefined, text: string): boolean => token?.kind === "operator" && token.text === text;
const plain = (name: string): string => name.toLowerCase();

/** A table as far as its names go. */
export interface Named {
  readonly relation: RelationName;
  readonly columns: readonly { readonly name: string }[];
}

interface Scope {
  readonly tables: ReadonlyMap<string, Named>;
  readonly isWhole: boolean;
}

function scopeOf(all: readonly FromTable[], catalog: Catalog): Scope {
  const tables = new Map<string, Table>();
  let isWhole = all.length > 0;
  for (const { alias, relation } of all) {
    const table = relation === null ? null : findTable(catalog, relation);
    if (table !== null && table.columns.length > 0 && !tables.has(plain(alias))) tables.set(plain(alias), table);
    else isWhole = false;
  }
  return { tables, isWhole };
}

/** The tokens without the queries in parentheses, which have names of their own. */
function withoutQueries(tokens: readonly Token[]): readonly Token[] {
  const left: Token[] = [];
  let [depth, inside] = [0, 0];
  tokens.forEach((token, at) => {
    if (isSign(token, "(")) {
      depth += 1;
      if (inside === 0 && /^(?:SELECT|VALUES|TABLE)$/.test(tokens[at + 1]?.upper ?? "")) inside = depth;
    }
    // Its parentheses stay: they are an operand.
    if (inside === 0 || (depth === inside && (isSign(token, "(") || isSign(token, ")")))) left.push(token);
    if (isSign(token, ")")) {
      if (depth === inside) inside = 0;
      depth -= 1;
    }
  });
  return left;
}

/** A bare name that is an operand by what stands on both of its sides. */
function isOperand(tokens: readonly Token[], at: number): boolean {
  const [before, token, behind] = [tokens[at - 1], tokens[at], tokens[at + 1]];
  if (token?.kind === "word" && (isReserved(token.upper) || NO_COLUMN.has(token.upper))) return false;
  const opens = before?.kind === "operator" ? !/^[).]$/.test(before.text) : BEFORE.has(before?.upper ?? "");
  const ends =
    behind === undefined || (behind.kind === "operator" ? !/^[(.]$/.test(behind.text) : BEHIND.has(behind.upper));
  return opens && ends;
}

const has = (table: Named, name: string): boolean => table.columns.some((one) => plain(one.name) === plain(name));

function unknownIn(all: readonly Token[], { tables, isWhole }: Scope): UnknownColumn | null {
  const tokens = withoutQueries(all);
  const bare: string[] = [];
  const others = new Set<string>(tables.keys());
  for (const [at, token] of tokens.entries()) {
    if (!isName(token)) continue;
    if (isSign(tokens[at - 1], ".")) {
      const table = isSign(tokens[at - 3], ".") ? undefined : tables.get(plain(tokens[at - 2]?.value ?? ""));
      const isEnd = !isSign(tokens[at + 1], "(") && !isSign(tokens[at + 1], ".");
      if (table !== undefined && isEnd && !has(table, token.value) && !NO_COLUMN.has(token.value.toUpperCase()))
        return { column: token.value, relation: table.relation };
    } else if (isOperand(tokens, at)) bare.push(token.value);
    else others.add(plain(token.value));
  }
  const known = [...tables.values()];
  if (!isWhole || known.length === 0) return null;
  const gone = bare.find((name) => !others.has(plain(name)) && !known.some((table) => has(table, name)));
  if (gone === undefined) return null;
  return { column: gone, relation: known.length === 1 ? (known[0]?.relation ?? null) : null };
}

/** The place of a word outside parentheses. */
function find(tokens: readonly Token[], word: string, from = 0): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at++) {
    const token = tokens[at];
    if (isSign(token, "(")) depth += 1;
    else if (isSign(token, ")")) depth -= 1;
    else if (depth === 0 && token?.kind === "word" && token.upper === word) return at;
  }
  return -1;
}

/** What stands in front of tables, between them and behind them. */
function around(cursor: Cursor, from: number, start: number, catalog: Catalog, to: number): UnknownColumn | null {
  cursor.index = from;
  const tables = readTables(cursor);
  const scope = scopeOf(tables, catalog);
  const joined = tables.flatMap(({ conditions = [] }) => conditions.map(({ tokens }) => tokens));
  const on = joined.map((tokens) => unknownIn([{ ...cursor.end, kind: "operator" as const }, ...tokens], scope));
  const parts = [...cursor.tokens.slice(start, from), ...cursor.tokens.slice(cursor.index, to)];
  return on.find((one) => one !== null) ?? unknownIn(parts, scope);
}

function inQuery(cursor: Cursor, catalog: Catalog, to: number): UnknownColumn | null {
  const select = find(cursor.tokens, "SELECT");
  const from = select < 0 ? -1 : find(cursor.tokens, "FROM", select);
  if (from < 0 || from > to || cursor.tokens[from + 1]?.upper === "DUAL") return null;
  return around(cursor, from + 1, select, catalog, to);
}

/** `ON DUPLICATE KEY UPDATE a = 1` writes the table's own columns. */
function inDuplicate({ tokens }: Cursor, from: number, table: Table): UnknownColumn | null {
  const set = tokens.slice(from + 3);
  let depth = 0;
  for (const [at, token] of set.entries()) {
    if (isSign(token, "(")) depth += 1;
    else if (isSign(token, ")")) depth -= 1;
    const isFirst = depth === 0 && (at === 1 || isSign(set[at - 1], ",")) && isSign(set[at + 1], "=");
    if (isFirst && isName(token) && !has(table, token.value)) return { column: token.value, relation: table.relation };
  }
  return null;
}

function inInsert(cursor: Cursor, catalog: Catalog, written: RelationName | null): UnknownColumn | null {
  const on = find(cursor.tokens, "DUPLICATE") - 1;
  const end = on < 0 ? cursor.tokens.length : on;
  const table = written === null ? null : findTable(catalog, written);
  const set = on < 0 || table === null || table.columns.length === 0 ? null : inDuplicate(cursor, on, table);
  return set ?? inQuery(cursor, catalog, end);
}

function inDelete(cursor: Cursor, catalog: Catalog): UnknownColumn | null {
  const using = find(cursor.tokens, "USING");
  const from = using < 0 ? find(cursor.tokens, "FROM") : using;
  return from < 0 ? null : around(cursor, from + 1, from + 1, catalog, cursor.tokens.length);
}

function inUpdate(cursor: Cursor, catalog: Catalog): UnknownColumn | null {
  const from = /^(?:LOW_PRIORITY|IGNORE)$/;
  let at = 1;
  while (from.test(cursor.tokens[at]?.upper ?? "")) at += 1;
  return around(cursor, at, at, catalog, cursor.tokens.length);
}

/** A column that an expression over the rows of one table names, and that the table has not; null where that is not certain. */
export function unknownInExpression(expression: string, table: Named, dialect: MysqlDialect): string | null {
  const { tokens } = tokenize(`(${expression})`, dialect);
  if (tokens.some(isBeyond)) return null;
  const tables = new Map([[plain(table.relation.name), table]]);
  return unknownIn(tokens, { tables, isWhole: true })?.column ?? null;
}

const isBeyond = ({ region, kind, upper }: Token): boolean => region >= 0 || kind === "broken" || BEYOND.has(upper);

/**
 * A column that UPDATE, DELETE, INSERT, or the query of a view or a new table, names, and that none of the tables has which it
 * reads; null where there is none, or where a name may mean something else. Queries inside are not looked into.
 *
 * @param written the table that an INSERT writes
 */
export function unknownColumn(
  sql: string,
  catalog: Catalog,
  dialect: MysqlDialect,
  written: RelationName | null,
): UnknownColumn | null {
  const tokens = tokenize(sql, dialect).tokens.filter(({ kind }) => kind !== "semicolon" && kind !== "delimiter");
  if (tokens.some(isBeyond)) return null;
  const cursor = newCursor(sql, dialect, tokens);
  try {
    const verb = tokens[0]?.upper;
    if (verb === "UPDATE") return inUpdate(cursor, catalog);
    if (verb === "DELETE") return inDelete(cursor, catalog);
    if (verb === "CREATE") return inQuery(cursor, catalog, tokens.length);
    return verb === "INSERT" || verb === "REPLACE" ? inInsert(cursor, catalog, written) : null;
  } catch (error) {
    // What is not understood is told elsewhere.
    if (error instanceof Unreadable) return null;
    throw error;
  }
}
