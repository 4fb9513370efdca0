import type { OtherOperation } from "../../model/operation.js";
import type { StrategyContext } from "../engine.js";

/** Of several of one statement, as WITH has them, the first: it stands for the statement. */
export function isFirstOfStatement({ span }: OtherOperation, { file, ordinal }: StrategyContext): boolean {
  const first = file.findIndex(({ operation: o }) => o.span.start < span.end && span.start < o.span.end);
  return first === ordinal - 1;
}

/** True unless it stands inside another statement's WITH, or has another one that writes in its own. */
export function isAlone({ span }: OtherOperation, { file }: StrategyContext): boolean {
  const overlaps = file.filter(({ operation: o }) => o.span.start < span.end && span.start < o.span.end);
  return overlaps.length <= 1;
}
