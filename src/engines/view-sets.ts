import type { ViewPart, ViewQuery, ViewShape } from "../model/detail/view-shape.js";
import { sha256 } from "../sha256.js";
import { amongRows } from "./view-condition.js";

/** As what a FROM calls it, and with the names that it gives to its columns; none for those that it has. */
export const renamed = (query: ViewQuery, name: string, columns: readonly string[]): ViewQuery =>
  Object.freeze({ ...query, name, columns: columns.length === 0 ? query.columns : columns });

/** UNION, with the names of the first query's columns. */
export function united(left: ViewQuery, right: ViewQuery, all: boolean): ViewQuery {
  const parts = [left, right].flatMap((query) => armsOf(query, all));
  return withShape(left, { ...left.shape, ...WHOLE, parts, union: all ? "union all" : "union" });
}

const WHOLE = { limit: null, offset: null } as const;

/** EXCEPT, or INTERSECT: rows of the first query that are not, or are, rows of the other one. */
export function restricted(left: ViewQuery, right: ViewQuery, how: "except" | "intersect", all: boolean): ViewQuery {
  const condition = amongRows("row", right.shape, `row ${how} ${shapeText(right.shape)}`, how === "except");
  const parts = armsOf(left, true).map((part) => ({
    ...part,
    conditions: [...part.conditions, condition],
    distinct: all ? part.distinct : (part.distinct ?? "all"),
  }));
  return withShape(left, { ...left.shape, ...WHOLE, parts, union: parts.length > 1 ? "union all" : null });
}

/** With LIMIT and OFFSET behind it. */
export function limited(query: ViewQuery, limit: string | null, offset: string | null): ViewQuery {
  if (limit === null && offset === null) return query;
  const parts = isLimited(query) ? [readerOf(query)] : query.shape.parts;
  return withShape(query, { ...query.shape, parts, limit, offset });
}

const withShape = (query: ViewQuery, shape: ViewShape): ViewQuery =>
  Object.freeze({ ...query, shape: Object.freeze({ ...shape, parts: Object.freeze(shape.parts) }) });

const isLimited = ({ shape }: ViewQuery): boolean => shape.limit !== null || shape.offset !== null;

/** The queries that UNION puts together: with ALL, those of a UNION without it are made one where they are alike. */
function armsOf(query: ViewQuery, all: boolean): readonly ViewPart[] {
  if (isLimited(query)) return [readerOf(query)];
  const { parts, union } = query.shape;
  return all && union === "union" ? parts.map((part) => ({ ...part, distinct: part.distinct ?? "all" })) : parts;
}

/** A query in brackets, whose rows are counted by itself. */
function readerOf(query: ViewQuery): ViewPart {
  const shown = query.shape.parts[0]?.shown ?? [];
  return { ...EMPTY, shown, queries: [query] };
}

const EMPTY: ViewPart = { shown: [], tables: [], others: [], outer: [], conditions: [], distinct: null, grouped: null };

/** VALUES: each row by its text. */
export function valuesOf(rows: readonly string[]): ViewQuery {
  const parts = rows.map((row) => Object.freeze({ ...EMPTY, others: [`row ${row}`] }));
  const union = rows.length > 1 ? "union all" : null;
  const shape = Object.freeze({ ...WHOLE, parts: Object.freeze(parts), union, takes: [], check: null });
  return Object.freeze({ name: "", columns: [], shape });
}

/** Queries that WITH names double with each that reads two: a longer text is told by its digest. */
const LONGEST = 2_000;

/** One query may be read by many. */
const TEXTS = new WeakMap<ViewShape, string>();

/** All that a query lets through, in one text. */
export function shapeText(shape: ViewShape): string {
  const known = TEXTS.get(shape);
  if (known !== undefined) return known;
  const { parts, union, limit, offset } = shape;
  const cut = [limit === null ? "" : ` limit ${limit}`, offset === null ? "" : ` offset ${offset}`];
  const text = `${parts.map(partText).join(` ${union} `)}${cut.join("")}`;
  const short = `( ${text.length > LONGEST ? sha256(text) : text} )`;
  TEXTS.set(shape, short);
  return short;
}

function partText(part: ViewPart): string {
  const { shown, tables, others, queries = [], outer, conditions, distinct, grouped } = part;
  const nested = queries.map(({ name, shape }) => `${shapeText(shape)} ${name}`);
  const from = [...tables.map(({ name }) => name.toLowerCase()), ...others, ...nested].sort();
  const clauses = [
    ["select", shown],
    ["from", from],
    ["outer", outer],
    ["where", conditions.map(({ text }) => text).sort()],
    ["distinct", distinct === null ? [] : [distinct]],
    ["group by", grouped ?? []],
  ] as const;
  return clauses.flatMap(([word, texts]) => (texts.length === 0 ? [] : [`${word} ${texts.join(", ")}`])).join(" ");
}
