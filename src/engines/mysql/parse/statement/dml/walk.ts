import type { DataChange, Walk } from "../../../../../model/detail/data.js";
import type { RelationName } from "../../../../../model/name.js";
import { aside, type Cursor, looksAt } from "../../cursor.js";
import { type FromTable, readTables } from "../../query/from.js";
import type { Token } from "../../token.js";
import { textBetween, wordsIn } from "../../token-text.js";
import { askedIn } from "./asked.js";
import { carriedIn, momentIn, readsSession, tellerIn } from "./of-statement.js";

/** Where in a statement its condition is: the index of WHERE, or where it would stand, and of what is behind it. */
export interface Place {
  readonly where: number;
  readonly end: number;
  /** The index of the SELECT of an INSERT; absent for others. */
  readonly own?: number;
}

/** A table under its name. */
export interface NamedTable {
  readonly alias: string;
  readonly relation: RelationName;
}

const named = ({ alias, relation }: FromTable): NamedTable[] => (relation === null ? [] : [{ alias, relation }]);

const mayBeSame = (a: RelationName, b: RelationName): boolean =>
  a.name.toLowerCase() === b.name.toLowerCase() && (a.schema === null || b.schema === null || a.schema === b.schema);

/** The columns that a query may name; null where it reads all columns of a table, or joins tables by those that they share. */
export function namesOfQuery(tokens: readonly Token[]): readonly string[] | null {
  const isAll = ({ kind, text, upper }: Token) =>
    (kind === "operator" && text === "*") || (kind === "word" && upper === "NATURAL");
  return tokens.some(isAll) ? null : wordsIn(tokens);
}

/**
 * A statement around its condition.
 *
 * @param table the one whose rows are met
 * @param noted how often the cursor has noted the table that is written where the statement names it as such
 */
export function walkOf(cursor: Cursor, table: NamedTable, written: RelationName, noted: number, place: Place): Walk {
  const { relation, alias } = table;
  const { where, end, own = -1 } = place;
  const reads = cursor.read.filter((read) => mayBeSame(read, written)).length;
  return Object.freeze({
    relation,
    alias,
    head: textBetween(cursor, 0, where),
    where: end === where ? null : textBetween(cursor, where + 1, end),
    tail: textBetween(cursor, end, cursor.tokens.length),
    readsItself: reads > noted,
    only: false,
    variables: readsSession(cursor.tokens),
    names: wordsIn(cursor.tokens),
    ...momentIn(cursor.tokens),
    ...tellerIn(cursor.tokens),
    ...carriedIn(cursor.tokens, own),
    ...askedIn(cursor, alias, own),
  });
}

/** The table that an UPDATE or DELETE of several writes, as it is called there; null for more than one. */
export function onlyWritten(tables: readonly FromTable[], writes: readonly RelationName[]): NamedTable | null {
  const [written, ...more] = writes;
  if (written === undefined || more.length > 0) return null;
  const found = tables.flatMap(named).filter(({ relation }) => mayBeSame(relation, written));
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** What makes a query one of more than one row for each that it reads, or says which rows it ends with. */
const GATHERS: ReadonlySet<string> = new Set(
  "DISTINCT DISTINCTROW EXCEPT FOR GROUP HAVING INTERSECT INTO LIMIT LOCK MINUS ORDER OVER PROCEDURE UNION WINDOW WITH".split(
    " ",
  ),
);

/** Both servers' own: one value out of many rows. */
const AGGREGATES: ReadonlySet<string> = new Set(
  `ANY_VALUE AVG BIT_AND BIT_OR BIT_XOR COUNT GROUP_CONCAT GROUPING JSON_ARRAYAGG JSON_OBJECTAGG MAX MIN ST_COLLECT STD
  STDDEV STDDEV_POP STDDEV_SAMP SUM VAR_POP VAR_SAMP VARIANCE`.split(/\s+/),
);

const gathers = (tokens: readonly Token[]): boolean =>
  tokens.some(({ kind, upper }, at) => {
    if (kind !== "word") return false;
    return GATHERS.has(upper) || (AGGREGATES.has(upper) && tokens[at + 1]?.text === "(");
  });

/** The index of the first of these words outside parentheses; `to` when there is none. */
function find(tokens: readonly Token[], words: readonly string[], from: number, to: number): number {
  let depth = 0;
  for (let at = from; at < to; at++) {
    const token = tokens[at];
    if (token?.kind === "operator" && token.text === "(") depth += 1;
    else if (token?.kind === "operator" && token.text === ")") depth -= 1;
    else if (depth === 0 && token?.kind === "word" && words.includes(token.upper)) return at;
  }
  return to;
}

/**
 * The rows of an INSERT ... SELECT are those of the one table that it reads; null where it reads another thing.
 *
 * @param from the token that begins the query
 * @param end the index of what is behind it
 */
export function insertWalk(cursor: Cursor, written: RelationName, from: number, end: number): Walk | null {
  const { tokens } = cursor;
  if (tokens[from]?.upper !== "SELECT" || gathers(tokens.slice(from, end))) return null;
  const at = aside(cursor, find(tokens, ["FROM"], from, end) + 1);
  if (at.index > end || looksAt(at, "DUAL")) return null;
  const tables = readTables(at);
  const [table] = tables.flatMap(named);
  if (table === undefined || tables.length > 1) return null;
  if (at.index < end && !looksAt(at, "WHERE")) return null;
  return walkOf(cursor, table, written, 0, { where: at.index, end, own: from });
}

/** Whether a query reads nothing in FROM, and so gives one row or none. */
export function givesOneRow({ tokens }: Cursor, from: number, end: number): boolean {
  if (tokens[from]?.upper !== "SELECT") return false;
  const at = find(tokens, ["FROM", "UNION", "EXCEPT", "INTERSECT", "MINUS"], from, end);
  return (
    at === end ||
    (tokens[at]?.upper === "FROM" && tokens[at + 1]?.upper === "DUAL" && find(tokens, ["UNION"], at, end) === end)
  );
}

/** `LIMIT 100` of the whole query. */
export function isLimited({ tokens }: Cursor, from: number, end: number): boolean {
  const at = find(tokens, ["LIMIT"], from, end);
  return at < end && tokens[at + 1]?.kind === "number";
}

/** The change with its walk, where it has one. */
export const walked = (change: Partial<DataChange>, walk: Walk | null): Partial<DataChange> =>
  walk === null ? change : { ...change, walk };
