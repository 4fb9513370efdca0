import type { Table } from "../../../../model/catalog.js";
import type { RelationName } from "../../../../model/name.js";
import type { CreateIndex } from "../../../../model/operation.js";
import { isUnfilled } from "../../../data-change/obstacle.js";
import { findTable, type Phased, type StrategyContext } from "../../../engine.js";
import { step } from "../../../step.js";
import * as locks from "../../effects/helper-statements.js";
import { quote, quoteRelation } from "../../names.js";

/** Whether every table below one is new, so that nobody waits for an index of the whole. */
function areNew(parent: Table, context: StrategyContext): boolean {
  const attaches = context.file.some(({ operation: o }) => o.kind === "other" && o.detail?.kind === "attach-partition");
  return (parent.partitions ?? []).every(({ relation }: { readonly relation: RelationName }) => {
    const child = findTable(context.catalog, relation);
    return isUnfilled(relation, context) && (child === null ? !attaches : areNew(child, context));
  });
}

/** CREATE INDEX on a new table with new partitions, by one statement; null where one of them may be in use. */
export function newDividedIndex(
  operation: CreateIndex,
  head: Table,
  name: string,
  context: StrategyContext,
): Phased | null {
  if (!context.newTable || operation.only || !areNew(head, context)) return null;
  const unique = operation.unique ? "UNIQUE " : "";
  const made = step({
    id: `${context.ordinal}-create-index`,
    phase: "expand",
    kind: "ddl",
    sql: [`CREATE ${unique}INDEX ${quote(name)} ON ${quoteRelation(head.relation)} ${operation.definition}`],
    undo: [`DROP INDEX IF EXISTS ${quoteRelation({ schema: head.relation.schema, name })}`],
    locks: [locks.createIndexOnly(head.relation)],
    reason: "The table and its partitions are new in this release, so no running code waits for the build.",
  });
  return { steps: [made], retires: [], gates: [], notes: [] };
}
