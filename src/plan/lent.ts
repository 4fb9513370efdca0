import type { Operation } from "../model/operation.js";
import type { Claim } from "../model/plan.js";

/** They write a column's default, or leave it out, which takes it away. */
const DEFINES: ReadonlySet<string> = new Set(["alter-column-type", "drop-default", "modify-column", "set-default"]);

/**
 * It makes a trigger that fires before a row is written, and so may look whether a column was left out: it would take a
 * default that is lent for what was written.
 */
export function mayLookForOmission(operation: Operation): boolean {
  if (operation.kind !== "other" || operation.detail?.kind !== "create-object") return false;
  const { trigger } = operation.detail;
  return trigger?.timing === "before" && trigger.events.some((event) => event === "insert" || event === "update");
}

/** What a default that is lent stands in the way of. */
export const meetsLent = (operation: Operation): boolean =>
  mayLookForOmission(operation) || (operation.kind === "other" && DEFINES.has(operation.detail?.kind ?? ""));

/** What is in the way of an operation, and why, for people: behind "that migration". */
export function inItsWay(operation: Operation, { change, shares, through = "the same index" }: Claim): string {
  if (shares === true) return `changes another column of ${through}: it ${change}`;
  if (mayLookForOmission(operation)) return `${change}, which this trigger would take for what was written`;
  return `is in the way of this: it ${change}`;
}
