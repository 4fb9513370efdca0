import type { ViewCondition, ViewPart, ViewQuery } from "../model/detail/view-shape.js";

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

/**
 * The queries of two parts that are read by the same name, pair by pair; null where a query is in the place of a table, or of
 * another query, which cannot be told.
 */
export function queriesTold(
  before: ViewPart,
  after: ViewPart,
): readonly { readonly old: ViewQuery; readonly now: ViewQuery }[] | null {
  const [olds, nows] = [before.queries ?? [], after.queries ?? []];
  if (olds.length !== nows.length) return null;
  const pairs = olds.flatMap((old) => {
    const now = nows.filter(({ name }) => name === old.name);
    return now.length === 1 && now[0] !== undefined ? [{ old, now: now[0] }] : [];
  });
  return pairs.length === olds.length ? pairs : null;
}

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
export function withoutTables(condition: ViewCondition): ViewCondition {
  const bare = (text: string) => text.replace(/[^\s(),]*→/g, "?→");
  const { text } = condition;
  if (condition.kind === "plain") return { ...condition, text: bare(text) };
  if (condition.kind === "any") return { ...condition, text: bare(text), arms: condition.arms.map(withoutTables) };
  return { ...condition, text: bare(text), left: bare(condition.left) };
}
