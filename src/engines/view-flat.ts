import type { ViewPart, ViewQuery, ViewShape } from "../model/detail/view-shape.js";
import { changedColumns, changedPart } from "./view-texts.js";
import { HEAVIEST, partWeight, weightOf } from "./view-weight.js";

/** A query of FROM or WITH, and what an outer join may find nothing in. */
export interface ReadQuery extends ViewQuery {
  readonly isOuter?: boolean;
}

/** A query as it is written, with all the queries that it reads. */
export interface WrittenPart extends Omit<ViewPart, "queries"> {
  readonly columns: ViewQuery["columns"];
  readonly queries: readonly ReadQuery[];
}

/** A query, with the names of its columns. */
type Named = Omit<ViewPart, "queries"> & Pick<ViewQuery, "columns">;

/**
 * The same rows, with as few queries inside as can be: a query that only picks rows is written where its rows are read, and
 * one that is all that another one reads is written in its place.
 */
export function flattened(written: WrittenPart): ViewQuery {
  const { columns, queries, ...part } = merged(written);
  return Object.freeze(opened(part, columns, queries) ?? { name: "", columns, shape: singleOf(part, queries) });
}

const singleOf = (part: Omit<ViewPart, "queries">, queries: readonly ViewQuery[]): ViewShape => {
  const whole = Object.freeze({ ...part, ...(queries.length > 0 && { queries: Object.freeze(queries) }) });
  return Object.freeze({ ...SINGLE, parts: Object.freeze([whole]) });
};

const SINGLE = { union: null, limit: null, offset: null, takes: Object.freeze([]), check: null } as const;

/** Without the queries that only pick rows. */
function merged({ queries, ...written }: WrittenPart): Named & { readonly queries: readonly ViewQuery[] } {
  const alone = queries.length === 1 && isAlone(written);
  const left: ViewQuery[] = [];
  let part: Named = written;
  for (const query of queries) {
    const inside = pickedOf(query);
    const isSmall = inside !== null && partWeight(part) + partWeight(inside) <= HEAVIEST;
    if (isSmall) part = withColumns(part, query, inside, alone);
    if (query.isOuter === true) continue;
    if (!isSmall) {
      left.push(query);
      continue;
    }
    left.push(...(inside.queries ?? []));
    part = {
      ...part,
      tables: [...part.tables, ...inside.tables],
      others: [...part.others, ...inside.others],
      outer: [...part.outer, ...inside.outer],
      conditions: [...inside.conditions, ...part.conditions],
    };
  }
  return { ...part, queries: left };
}

const isWindow = (text: string): boolean => /\bover\b|WindowDef/.test(text);

/** The one query that a query of FROM is, which does nothing but pick rows; else null. */
function pickedOf({ shape, columns }: ReadQuery): ViewPart | null {
  const [only, another] = shape.parts;
  if (only === undefined || another !== undefined || shape.limit !== null || shape.offset !== null) return null;
  const plain = only.distinct === null && only.grouped === null && !only.shown.some(isWindow);
  return plain && columns.length === only.shown.length ? only : null;
}

/** A query that reads another one, with what that one calls its columns as it computes them. */
function withColumns(part: Named, query: ViewQuery, inside: ViewPart, alone: boolean): Named {
  const changed = (text: string) =>
    changedColumns(text, (table, column) =>
      table === query.name || (table === "?" && (alone || query.columns.includes(column)))
        ? columnOf(query, inside, column)
        : null,
    );
  const isAll = (text: string) => text === `${query.name}→*` || (alone && text === "?→*");
  return {
    ...changedPart(part, changed),
    shown: part.shown.flatMap((text) => (isAll(text) ? inside.shown : [changed(text)])),
    columns: part.columns.flatMap((name, at) => (isAll(part.shown[at] ?? "") ? query.columns : [name])),
  };
}

/** The names of its columns, with `*` for all of the only table that is read; null where that may mean columns of several. */
export function outputsTold({ columns, shape }: Omit<ViewQuery, "name">): ViewQuery["columns"] | null {
  const [first] = shape.parts;
  const isOne = first?.tables.length === 1 && first.others.length + first.outer.length === 0 && !first.queries;
  return columns.includes("*") && !isOne ? null : columns;
}

/** What a query computes as one of its columns; null where that is not told. */
export function columnOf({ columns }: ViewQuery, inside: ViewPart, column: string): string | null {
  const at = columns.indexOf(column);
  if (at >= 0) return inside.shown[at] ?? null;
  const stars = inside.shown.filter((text) => text.endsWith("→*"));
  return stars.length === 1 ? `${stars[0]?.slice(0, -1)}${column}` : null;
}

/** Of a query that reads nothing but another one, that one's queries, each with what is asked of their rows besides. */
function opened(
  part: Omit<ViewPart, "queries">,
  columns: ViewQuery["columns"],
  [query, another]: readonly ViewQuery[],
): ViewQuery | null {
  if (query === undefined || another !== undefined || !isAlone(part) || !isOpen(query, part)) return null;
  const all = query.shape.parts.map((inside) => {
    const { shown, conditions, distinct, columns: names } = withColumns({ ...part, columns }, query, inside, true);
    const both = { shown, conditions: [...inside.conditions, ...conditions], distinct: distinct ?? inside.distinct };
    return { names, part: Object.freeze({ ...inside, ...both }) };
  });
  const union = all.length === 1 ? null : part.distinct === null ? query.shape.union : "union";
  const parts = Object.freeze(all.map((one) => one.part));
  return { name: "", columns: all[0]?.names ?? columns, shape: Object.freeze({ ...query.shape, parts, union }) };
}

const isAlone = ({ tables, others, outer }: Pick<ViewPart, "tables" | "others" | "outer">): boolean =>
  tables.length + others.length + outer.length === 0;

function isOpen(query: ViewQuery, part: Omit<ViewPart, "queries">): boolean {
  const { parts, limit, offset } = query.shape;
  const isAsked = part.conditions.length > 0 || part.distinct !== null;
  const counts = limit !== null || offset !== null || parts.some(({ shown }) => shown.some(isWindow));
  return (
    part.grouped === null &&
    (part.distinct === null || part.distinct === "all") &&
    !part.shown.some(isWindow) &&
    !(counts && isAsked) &&
    weightOf(query.shape) <= HEAVIEST &&
    parts.every(({ shown }) => shown.length === query.columns.length)
  );
}
