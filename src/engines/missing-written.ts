import type { Catalog } from "../model/catalog.js";
import type { Code } from "../model/detail/code.js";
import type { DataChange } from "../model/detail/data.js";
import type { RelationName } from "../model/name.js";
import { findTable } from "./engine.js";

/** A column that code writes, of a table that files have made without it. */
export interface MissingWritten {
  readonly relation: RelationName;
  readonly column: string;
}

/** The first column that code writes whatever the row is, and that is not there for certain; null where there is none. */
export function missingWritten(code: Code | undefined, catalog: Catalog): MissingWritten | null {
  if (code === undefined || code.handled === true) return null;
  for (const { operation, conditional, guarded } of code.operations) {
    const change = operation.kind === "other" && operation.detail?.kind === "data-change" ? operation.detail : null;
    const missing = change === null || conditional || guarded === true ? null : missingIn(change, catalog);
    if (missing !== null) return missing;
  }
  return null;
}

/** MySQL's and MariaDB's columns are not told apart by case. */
function missingIn({ verb, writes, reads, columns }: DataChange, catalog: Catalog): MissingWritten | null {
  const [relation, another] = writes;
  const alone = verb === "insert" || verb === "replace" || (verb === "update" && reads.length === 0);
  if (relation === undefined || another !== undefined || !alone) return null;
  const table = findTable(catalog, relation);
  if (table === null || table.columns.length === 0) return null;
  const plain = (name: string) => (catalog.dialect === undefined ? name : name.toLowerCase());
  const known = new Set(table.columns.map(({ name }) => plain(name)));
  const column = columns.find((name) => !known.has(plain(name)));
  return column === undefined ? null : { relation: table.relation, column };
}
