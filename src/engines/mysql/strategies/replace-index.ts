import type { Table } from "../../../model/catalog.js";
import type { ReplaceIndex } from "../../../model/detail/index-change.js";
import type { CreateIndex, OtherOperation } from "../../../model/operation.js";
import type { Phased } from "../../engine.js";
import { quote } from "../names.js";
import type { MysqlContext } from "./algorithms.js";
import { createIndex, plannedBuild } from "./create-index.js";
import { alter } from "./ddl.js";
import { retire } from "./drop-index.js";
import { refuseNeeded } from "./drop-index-refuse.js";
import { addWritten } from "./index-text.js";
import { effectAlone } from "./online.js";
import { heirName, indexOf, parkedName, refuseSplit, refuseTwice } from "./own-index.js";
import { stepWith } from "./written.js";

/** On a table that no running code knows, as it is written: it goes with its table. */
function atOnce(made: CreateIndex, table: Table, name: string, operation: OtherOperation, context: MysqlContext) {
  const step = stepWith(effectAlone(operation, context), context, {
    name: "replace-index",
    sql: [alter(table.relation, `DROP INDEX ${quote(name)}, ${addWritten(made, name)}`)],
    reason: "The table is new in this release, so no running code knows it: the change is made at once.",
  });
  return { steps: [step], retires: [], gates: [], notes: [] };
}

/**
 * MariaDB's CREATE OR REPLACE INDEX: the new index is built beside the old one, takes its name in the swap, and the old one
 * is dropped later. At no moment is there none.
 *
 * @throws Refusal
 */
export function replaceIndex({ index: made }: ReplaceIndex, operation: OtherOperation, context: MysqlContext): Phased {
  const { name } = made;
  const { table, index } = indexOf(made.relation, name ?? "", context);
  if (name !== null) refuseTwice(table, name, operation, context);
  if (name === null || index === null) return createIndex(made, context);
  refuseNeeded(table, index, [made], context);
  if (context.newTable) return atOnce(made, table, index.name, operation, context);
  refuseSplit(context, name);
  const heir = { called: heirName(table, name, context), name };
  const built = plannedBuild(made, table, heir.called, context);
  const gone = retire({ operation, context, table, index, called: parkedName(table, name, context) }, heir);
  return {
    ...gone,
    steps: [...built.steps, ...gone.steps],
    claims: [...(built.claims ?? []), ...(gone.claims ?? [])],
    notes: [...built.notes, ...gone.notes],
  };
}
