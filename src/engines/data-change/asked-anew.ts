import type { Catalog } from "../../model/catalog.js";
import type { Walk } from "../../model/detail/data.js";
import { type RelationName, show } from "../../model/name.js";
import { namesOneRow } from "../found-by-key.js";
import type { Obstacle } from "./obstacle.js";

const WRITE_FIRST =
  "write what the query gives into a table of its own first, in an earlier migration, and read that one here";

/** What is known of functions. */
interface Functions {
  /** Whether one may give another value each time it is called. */
  varies(name: RelationName): boolean;
  /** How one is declared that does not: `IMMUTABLE or STABLE`; null for the server's own. */
  steadyAs(name: RelationName): string | null;
}

/**
 * Why a query in a statement would not answer every batch as it answers the one statement: that asks it once for all rows. Null where
 * each asking gives the same.
 */
export function askedAnew({ asked }: Walk, functions: Functions, catalog: Catalog): Obstacle | null {
  if (asked === undefined) return null;
  const each = "each batch would ask it anew, and get other rows or values than the batch before";
  const call = asked.calls.find((name) => functions.varies(name));
  if (call !== undefined) {
    const as = functions.steadyAs(call);
    const declare =
      as === null ? "" : `If it always gives the same for the same arguments and rows, declare it ${as}. `;
    return [
      `a query in it calls ${show(call)}, which may give another value each time, and does not plainly depend on the row: ${each}`,
      `${declare}Where each row is to have a value of its own, call ${show(call)} outside of the query; else ${WRITE_FIRST}.`,
    ];
  }
  const some = asked.some?.find(({ of }) => of === undefined || !namesOneRow(of, catalog));
  if (some === undefined) return null;
  return [
    `a query in it takes some of its rows (${some.by}) in no order, and does not plainly depend on the row: ${each}`,
    `${some.by === "TABLESAMPLE" ? "Add REPEATABLE" : "Order it by a key"}; or ${WRITE_FIRST}. A query that looks up something for each row names that row's columns with their table.`,
  ];
}
