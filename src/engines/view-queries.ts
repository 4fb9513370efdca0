import type { ViewCondition, ViewPart, ViewQuery, ViewShape } from "../model/detail/view-shape.js";
import type { RelationName } from "../model/name.js";
import { columnOf } from "./view-flat.js";
import { changedColumns, changedCondition, changedPart } from "./view-texts.js";

/** What the queries around one that FROM or WITH names ask of its rows already. */
export interface Around {
  readonly conditions: readonly ViewCondition[];
  /** They make one row of several, and do so whatever it does. */
  readonly isOne: boolean;
  /** They leave out rows behind a LIMIT. */
  readonly isLimited: boolean;
  /** How many queries are around it. */
  readonly depth: number;
}

export const TOP: Around = Object.freeze({ conditions: Object.freeze([]), isOne: false, isLimited: false, depth: 0 });

/** Of WITH, one query may be read twice by each that follows: what is nested deeper than this is not looked into. */
const DEEPEST = 5;

interface Pair {
  readonly old: ViewQuery;
  readonly now: ViewQuery;
}

/** Two queries with the queries that both read by the same name and in the same order, and those that only one of them reads. */
export interface Paired {
  readonly before: ViewPart;
  readonly after: ViewPart;
  readonly pairs: readonly Pair[];
  readonly gone: readonly ViewQuery[];
  readonly come: readonly ViewQuery[];
}

/** Pairs the queries of two parts: by their names, then with a table that is in their place, then in their order. */
export function paired(before: ViewPart, after: ViewPart): Paired {
  const pairs: Pair[] = [];
  const come = [...(after.queries ?? [])];
  const gone = (before.queries ?? []).filter((old) => {
    const at = come.findIndex(({ name }) => name === old.name);
    const [now] = at < 0 ? [] : come.splice(at, 1);
    if (now !== undefined) pairs.push({ old, now });
    return now === undefined;
  });
  return inOrder(withTables({ before, after, pairs, gone, come }));
}

/** Other names of them are those of the first part. */
function inOrder({ before, after, pairs, gone, come }: Paired): Paired {
  const renamed = gone.slice(0, come.length).flatMap((old, at): (Pair & { readonly from: string })[] => {
    const now = come[at];
    return now === undefined ? [] : [{ old, now: { ...now, name: old.name }, from: now.name }];
  });
  return {
    before,
    after: renamed.reduce((part, { old, from }) => named(part, from, old.name), after),
    pairs: [...pairs, ...renamed],
    gone: gone.slice(renamed.length),
    come: come.slice(renamed.length),
  };
}

const named = (part: ViewPart, from: string, to: string): ViewPart =>
  changedPart(part, (text) => changedColumns(text, (table, column) => (table === from ? `${to}→${column}` : null)));

/** A query may be in the place of a table, which is all of its rows, and a table in that of a query. */
function withTables(all: Paired): Paired {
  let { before, after } = all;
  const pairs = [...all.pairs];
  const come = all.come.filter((now) => {
    const table = tableFor(now, before, after);
    if (table === null) return true;
    pairs.push({ old: { ...now, shape: wholeOf(table) }, now });
    before = withoutTable(before, table);
    after = withShown(after, now);
    return false;
  });
  const gone = all.gone.filter((old) => {
    const table = tableFor(old, after, before);
    if (table === null) return true;
    pairs.push({ old, now: { ...old, shape: wholeOf(table) } });
    after = withoutTable(after, table);
    before = withShown(before, old);
    return false;
  });
  return { before, after, pairs, gone, come };
}

/** The table that one part reads, and the other one only in a query of its own. */
function tableFor({ shape }: ViewQuery, part: ViewPart, other: ViewPart): RelationName | null {
  const read = shape.parts.flatMap(({ tables }) => tables);
  const isSame = (a: RelationName, b: RelationName) =>
    a.name === b.name && (a.schema ?? b.schema) === (b.schema ?? a.schema);
  const left = part.tables.filter((table) => !other.tables.some((one) => isSame(one, table)));
  return left.find((table) => read.some((one) => isSame(one, table))) ?? null;
}

const withoutTable = (part: ViewPart, table: RelationName): ViewPart => ({
  ...part,
  tables: part.tables.filter((one) => one !== table),
});

function withShown(part: ViewPart, query: ViewQuery): ViewPart {
  const [first] = query.shape.parts;
  if (first === undefined) return part;
  const changed = (text: string) =>
    changedColumns(text, (table, column) => (table === query.name ? columnOf(query, first, column) : null));
  return changedPart(part, changed);
}

function wholeOf(table: RelationName): ViewShape {
  const part: ViewPart = { shown: [`${table.name}→*`], tables: [table], others: [], outer: [], ...ALL };
  return { parts: [part], union: null, limit: null, offset: null, takes: [], check: null };
}

const ALL = { conditions: [], distinct: null, grouped: null } as const;

/** What is around the queries of a part. */
export function around(part: ViewPart, outside: Around): Around {
  return {
    conditions: [...outside.conditions, ...part.conditions],
    isOne: outside.isOne || part.distinct !== null || part.grouped !== null,
    isLimited: outside.isLimited,
    depth: outside.depth + 1,
  };
}

export const isTooDeep = ({ depth }: Around): boolean => depth > DEEPEST;

/** What the queries that a part reads ask of their rows. */
export function conditionsInside(part: ViewPart, depth = 0): readonly ViewCondition[] {
  if (depth > DEEPEST) return [];
  const parts = (part.queries ?? []).flatMap(({ shape }) => shape.parts);
  return parts.flatMap((one) => [...one.conditions, ...conditionsInside(one, depth + 1)]);
}

/** The same of columns by whatever table or query they come: a condition may stand inside or outside. */
export const withoutTables = (condition: ViewCondition): ViewCondition =>
  changedCondition(condition, (text) => text.replace(/[^\s(),]*→/g, "?→"));
