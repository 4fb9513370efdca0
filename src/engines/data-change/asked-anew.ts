import type { Walk } from "../../model/detail/data.js";
import { type RelationName, show } from "../../model/name.js";
import type { Obstacle } from "./obstacle.js";

const WRITE_FIRST =
  "write what the query gives into a table of its own first, in an earlier migration, and read that one here";

/**
 * Why a query in a statement would not answer every batch as it answers the one statement: that asks it once for all rows. Null where
 * each asking gives the same.
 *
 * @param varies whether a function may give another value each time it is called
 */
export function askedAnew({ asked }: Walk, varies: (name: RelationName) => boolean): Obstacle | null {
  if (asked === undefined) return null;
  const each = "each batch would ask it anew, and get other rows or values than the batch before";
  const call = asked.calls.find(varies);
  if (call !== undefined)
    return [
      `a query in it calls ${show(call)}, which may give another value each time, and does not plainly depend on the row: ${each}`,
      `Where each row is to have a value of its own, call ${show(call)} outside of the query; else ${WRITE_FIRST}.`,
    ];
  if (asked.some === undefined) return null;
  return [
    `a query in it takes some of its rows (${asked.some}) in no order, and does not plainly depend on the row: ${each}`,
    `${asked.some === "TABLESAMPLE" ? "Add REPEATABLE" : "Order it by a key"}; or ${WRITE_FIRST}. A query that looks up something for each row names that row's columns with their table.`,
  ];
}
