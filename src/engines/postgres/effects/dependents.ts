import type { Dependent, Table } from "../../../model/catalog.js";
import type { Breakage } from "../../../model/effect.js";

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
