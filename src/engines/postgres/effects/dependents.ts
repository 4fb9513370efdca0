import type { Dependent, Table } from "../../../model/catalog.js";
import type { Breakage } from "../../../model/effect.js";

/**
 * What PostgreSQL neither drops a column under, without CASCADE, nor carries over to another type. Bodies that are text do
 * not hold it.
 */
export const HOLDING: readonly Dependent["kind"][] = Object.freeze([
  "view",
  "materialized-view",
  "policy",
  "publication",
  "trigger",
  "generated-column",
  "rule",
]);

/** What names a column, of these kinds. */
export function dependentsOn(table: Table | null, column: string, kinds: readonly Dependent["kind"][]): Dependent[] {
  return (table?.dependents ?? []).filter((d) => kinds.includes(d.kind) && d.columns.includes(column));
}

/** Bodies of functions are text to PostgreSQL: they keep the old name, and fail when they are called. */
export function functionBreaks(table: Table | null, column: string): Breakage[] {
  return dependentsOn(table, column, ["function"]).map((d) =>
    Object.freeze({ what: "both", who: "N", why: `function ${d.name} names ${column} and fails when it is called` }),
  );
}
