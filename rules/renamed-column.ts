import { sameRelation } from "../src/engines/engine.js";
import type { Operation } from "../src/model/operation.js";
import type { ColumnName, RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

export interface Renamed {
  readonly from: string;
  readonly to: string;
}

/** RENAME COLUMN, and MySQL's CHANGE to another name, whatever else it changes. */
export function renameIn(operation: Operation): Renamed | null {
  if (operation.kind === "rename-column") return operation;
  const changed = detailOf(operation, "modify-column");
  if (changed === null) return detailOf(operation, "rename-column-if-exists");
  const { column: from, definition } = changed;
  return definition.name.toLowerCase() === from.toLowerCase() ? null : { from, to: definition.name };
}

/** The same file has added it: no running code knows it. */
export function isRenamedNew({ operation, addedColumns, catalog }: RuleContext): boolean {
  const { relation } = operation;
  const from = renameIn(operation)?.from;
  if (relation === null || from === undefined) return false;
  const isIt = (added: ColumnName) =>
    added.column === from && sameRelation(added.relation, relation, catalog.defaultSchema);
  return addedColumns.some(isIt);
}
