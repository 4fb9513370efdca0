import { postgresEffects } from "../../effects/index.js";
import { beside, type InFile, isBeforeType } from "../in-file.js";
import { isBrief } from "./in-place.js";

/**
 * Whether a change of the type of the same column takes a change of its default with it: one that stands behind it in
 * the file always; one in front of it where a second column takes its place.
 */
export function goesWithType(s: InFile, column: string): boolean {
  const { context, operation } = s;
  const change = beside(s, column, ["alter-column-type"]);
  if (change === null || context.newTable) return false;
  if (!isBeforeType(operation, change, context)) return true;
  const directed = context.file.find((f) => f.operation.span.start === change.span.start)?.up ?? null;
  return directed !== null || !isBrief(postgresEffects(change, { ...context, siblings: [change] }));
}
