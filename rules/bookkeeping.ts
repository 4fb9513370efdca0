import { isBookkeeping } from "../src/engines/bookkeeping.js";
import type { Catalog } from "../src/model/catalog.js";
import type { DataChange } from "../src/model/detail/data.js";

/** Whether a change writes and reads nothing else. Without any of its rows the tool runs everything anew. */
export function isBookkeepingChange({ writes, reads, verb, filtered }: DataChange, catalog: Catalog): boolean {
  if (writes.length === 0 || (verb === "delete" && !filtered)) return false;
  return [...writes, ...reads].every((relation) => isBookkeeping(relation, catalog));
}
