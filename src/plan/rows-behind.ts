import { findTable } from "../engines/engine.js";
import type { Catalog } from "../model/catalog.js";
import type { DataChange } from "../model/detail/data.js";
import type { RelationName } from "../model/name.js";
import type { LateForRows, RowsMet } from "../model/plan.js";
import { isSameFamily } from "./parts.js";

/** What brings rows in. */
export const BRINGS: ReadonlySet<DataChange["verb"]> = new Set(["insert", "load", "merge", "replace"]);
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
    case "positional":
    case "unlisted":
      return BRINGS.has(change.verb) && change.columns.length === 0;
    case "ignoring":
      // ON CONFLICT DO NOTHING leaves out what has its key, and nothing else.
      return catalog.dialect !== undefined && change.conflict === "ignore";
    case "pointing":
      return false;
    case "keys":
      return touchesKeys(change, relation, catalog);
  }
}

/** Whether a statement writes rows that a foreign key holds to those of a table. */
function pointsAt({ verb, writes }: DataChange, relation: RelationName, catalog: Catalog): boolean {
  const pointing = findTable(catalog, relation)?.referencedBy ?? [];
  return verb !== "delete" && pointing.some((key) => writes.some((w) => isSameFamily(w, key.relation, catalog)));
}

/** Whether a statement about rows would find another thing before a late change than behind it. */
export function meetsLate(change: DataChange, late: LateForRows, catalog: Catalog): boolean {
  const isOne = (named: RelationName) => isSameFamily(late.relation, named, catalog);
  if (change.writes.some(isOne) && isMet(late.met, late, change, catalog)) return true;
  if (late.met === "pointing") return pointsAt(change, late.relation, catalog);
  return late.met === "all" && change.reads.some(isOne);
}

/** Whether an operation that looks at the rows of tables would find other ones before a late change than behind it. */
export const foundOtherwise = (tables: readonly RelationName[], late: LateForRows, catalog: Catalog): boolean =>
  late.met === "all" && tables.some((relation) => isSameFamily(late.relation, relation, catalog));
