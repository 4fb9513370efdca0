import type { ViewPart, ViewShape } from "../model/detail/view-shape.js";

/** What WITH names may be read twice by each that follows: of what is heavier than this, no copy is made. */
export const HEAVIEST = 300;

/** One query may be read by many. */
const WEIGHTS = new WeakMap<ViewShape, number>();

/** How much is in a query, with all the queries that it reads as often as it reads them. */
export function weightOf(shape: ViewShape): number {
  const known = WEIGHTS.get(shape);
  if (known !== undefined) return known;
  const weight = shape.parts.reduce((sum, part) => sum + partWeight(part), 0);
  WEIGHTS.set(shape, weight);
  return weight;
}

/** The same of one SELECT. */
export function partWeight({ shown, tables, others, outer, conditions, queries = [] }: ViewPart): number {
  const inside = [...queries, ...conditions.filter((each) => each.kind === "query")];
  const own = shown.length + tables.length + others.length + outer.length + conditions.length;
  return inside.reduce((sum, { shape }) => sum + weightOf(shape), own);
}
