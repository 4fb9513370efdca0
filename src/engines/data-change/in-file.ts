import type { RelationName } from "../../model/name.js";
import type { OtherOperation } from "../../model/operation.js";
import { type StrategyContext, sameRelation } from "../engine.js";

/** True unless it stands inside another statement's WITH, or has another one that writes in its own. */
export function isAlone({ span }: OtherOperation, { file }: StrategyContext): boolean {
  const overlaps = file.filter(({ operation: o }) => o.span.start < span.end && span.start < o.span.end);
  return overlaps.length <= 1;
}

/** An earlier statement of the file fills this table from a query: it may be as large as that one's. */
export const isFilledBefore = (operation: OtherOperation, relation: RelationName, context: StrategyContext): boolean =>
  context.file.some(({ operation: o }) => {
    if (o.span.start >= operation.span.start || o.kind !== "other" || o.detail?.kind !== "data-change") return false;
    const { source, writes } = o.detail;
    return source === "query" && writes.some((w) => sameRelation(w, relation, context.catalog.defaultSchema));
  });
