import type { Catalog } from "../model/catalog.js";
import type { Code } from "../model/detail/code.js";
import type { DataChange } from "../model/detail/data.js";
import { type RelationName, show } from "../model/name.js";
import { findTable } from "./engine.js";
import { isGoneTable, isNowhere, knownView } from "./table-lookup.js";
import { type Unfilled, unfilledColumn } from "./unfilled-column.js";

/** A column that code names, of a table that files have made without it; with null a table that is not there. */
export interface MissingWritten {
  readonly relation: RelationName;
  readonly column: string | null;
}

/** What code does with what is missing, in words. */
export const missingWhy = ({ relation, column }: MissingWritten): string =>
  column === null
    ? `writes ${show(relation)}, which is not there by the files`
    : `writes column ${column}, which ${show(relation)} does not have`;

/** What code writes whatever the row is; nothing where an error may be caught. */
export function certainChanges(code: Code | undefined): readonly DataChange[] {
  if (code === undefined || code.handled === true) return [];
  return code.operations.flatMap(({ operation, conditional, repeated, guarded, behindExit }) => {
    const change = operation.kind === "other" && operation.detail?.kind === "data-change" ? operation.detail : null;
    const perhaps = conditional || repeated || guarded === true || behindExit === true;
    return change === null || perhaps ? [] : [change];
  });
}

/**
 * The first table or column that changes write, and that is not there for certain; null where there is none.
 *
 * @param on the table whose trigger writes: where no file has made it, the files do not tell of all
 */
export function missingWritten(
  changes: readonly DataChange[],
  catalog: Catalog,
  on: RelationName,
): MissingWritten | null {
  const isTold = findTable(catalog, on) !== null;
  for (const change of changes) {
    const table = isTold ? change.writes.find((written) => isMadeNowhere(written, catalog)) : undefined;
    const missing = table === undefined ? missingIn(change, catalog) : { relation: table, column: null };
    if (missing !== null) return missing;
  }
  return null;
}

/**
 * The first column that changes give no value in an INSERT of written rows, and that must have one; null where there is none.
 *
 * @param absent the row of a trigger that is not there for what it is called for (PostgreSQL): its columns are NULL
 */
export function unfilledWritten(
  changes: readonly DataChange[],
  catalog: Catalog,
  absent?: "new" | "old",
): Unfilled | null {
  for (const change of changes) {
    if (change.verb === "update" || change.source !== "rows") continue;
    const unfilled = unfilledColumn(change, catalog, absent);
    if (unfilled !== null) return unfilled;
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

/** Whether a table or view is nowhere, as far as files tell all that there is. A schema that no file names may be another database's, or one that something brought. */
export function isMadeNowhere({ schema, name }: RelationName, catalog: Catalog): boolean {
  const relation = { schema, name };
  if (findTable(catalog, relation) !== null || knownView(catalog, relation) !== null) return false;
  if (isGoneTable(catalog, relation)) return true;
  const isKnown = schema === null || catalog.tables.some((table) => table.relation.schema === schema);
  return (isKnown || schema === catalog.defaultSchema) && isNowhere(catalog, name);
}
