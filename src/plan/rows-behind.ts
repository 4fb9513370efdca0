import { findTable, sameRelation } from "../engines/engine.js";
import type { Catalog } from "../model/catalog.js";
import type { DataChange } from "../model/detail/data.js";
import type { RelationName } from "../model/name.js";
import type { LateForRows, RowsMet } from "../model/plan.js";
import { withParts } from "./parts.js";

const BRINGS: ReadonlySet<DataChange["verb"]> = new Set(["insert", "load", "merge", "replace"]);
const TAKES: ReadonlySet<DataChange["verb"]> = new Set(["delete", "merge", "replace"]);

const sameName = (a: string, b: string | null): boolean => a.toLowerCase() === b?.toLowerCase();

/** Whether a column may get its default. */
function omits({ verb, columns, given }: DataChange, column: string | null): boolean {
  if ((given?.defaults.length ?? 0) > 0) return true;
  return BRINGS.has(verb) && !columns.some((c) => sameName(c, column));
}

/** Whether a statement may change what other tables point at. */
function touchesKeys({ verb, columns }: DataChange, relation: RelationName, catalog: Catalog): boolean {
  const keys = (findTable(catalog, relation)?.indexes ?? []).filter((i) => i.unique).flatMap((i) => i.columns);
  return TAKES.has(verb) || (verb === "update" && columns.some((c) => keys.some((key) => sameName(key, c))));
}

/** Whether a statement that writes the table is one of those that meet the change. */
function isMet(met: RowsMet, { relation, column }: LateForRows, change: DataChange, catalog: Catalog): boolean {
  switch (met) {
    case "all":
    case "writes":
      return true;
    case "omitting":
      return omits(change, column);
    case "unlisted":
      return BRINGS.has(change.verb) && change.columns.length === 0;
    case "ignoring":
      // ON CONFLICT DO NOTHING leaves out what has its key, and nothing else.
      return catalog.dialect !== undefined && change.conflict === "ignore";
    case "keys":
      return touchesKeys(change, relation, catalog);
  }
}

/** Whether a statement about rows would find another thing before a late change than behind it. */
export function meetsLate(change: DataChange, late: LateForRows, catalog: Catalog): boolean {
  const family = withParts(late.relation, catalog);
  const isOne = (named: RelationName) =>
    family.some((r) => sameRelation(r, named, catalog.defaultSchema)) ||
    withParts(named, catalog).some((r) => sameRelation(r, late.relation, catalog.defaultSchema));
  if (change.writes.some(isOne) && isMet(late.met, late, change, catalog)) return true;
  return late.met === "all" && change.reads.some(isOne);
}
