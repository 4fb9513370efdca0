import type { DropIndex } from "../../../model/detail/index-change.js";
import { show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import { type Phased, Refusal, type StrategyContext } from "../../engine.js";
import { SWAP } from "../../place.js";
import { sizeOf } from "../../table-size.js";
import { quoteRelation } from "../names.js";
import { asChange, goingClaims } from "./constraint/steps.js";
import { heirOf } from "./exchange-index.js";
import { clearing, goneProbe, restoringIndex } from "./index-again.js";
import { dropMaterializedIndex, indexOfMaterialized } from "./objects/materialized-index.js";
import { onNewTable } from "./on-new-table.js";
import { indexOf, type OwnIndex } from "./own-index.js";
import { dropDividedIndex } from "./partitions/drop-index.js";
import { mustBePlain } from "./subject.js";
import { holdsRows, isDivided } from "./tables.js";
import { nothing, stepOf } from "./written.js";

function refuseNeeded({ table, index }: OwnIndex): void {
  if (index.constraint !== null)
    throw new Refusal(
      `The index ${index.name} carries the constraint ${index.constraint}.`,
      `Write \`ALTER TABLE ${quoteRelation(table.relation)} DROP CONSTRAINT ${index.constraint}\` instead.`,
    );
  if (index.replicaIdentity === true)
    throw new Refusal(
      `Logical replication tells the rows of ${show(table.relation)} apart by ${index.name}: without it, UPDATE and DELETE of a published table fail.`,
      `Choose another one first: \`ALTER TABLE ${quoteRelation(table.relation)} REPLICA IDENTITY ...\`.`,
    );
  const others = table.indexes.filter((i) => i !== index && i.unique);
  const covered = (columns: readonly string[]) => others.some((i) => columns.every((c) => i.columns.includes(c)));
  const inbound = table.referencedBy.find(
    (r) => r.columns.every((c) => index.columns.includes(c)) && !covered(r.columns),
  );
  if (!index.unique || inbound === undefined) return;
  throw new Refusal(
    `The foreign key ${inbound.constraint} of ${show(inbound.relation)} needs ${index.name}.`,
    "Drop that foreign key in front of this, or in an earlier migration.",
  );
}

/** DROP INDEX in the contract, CONCURRENTLY where the server has that: old code's queries, and its ON CONFLICT, may need it. @throws Refusal */
export function dropIndex(detail: DropIndex, operation: OtherOperation, context: StrategyContext): Phased {
  if (detail.cascade)
    throw new Refusal(
      "DROP INDEX ... CASCADE drops whatever needs the index.",
      "Leave CASCADE out and drop that by name.",
    );
  const ofView = indexOfMaterialized(detail.index, context);
  if (ofView !== null) return dropMaterializedIndex(ofView.view, ofView.index, context);
  const found = indexOf(detail.index, context);
  if (found === null && detail.ifExists)
    return nothing(`There is no index ${show(detail.index)}: IF EXISTS has nothing to do.`);
  if (found === null)
    throw new Refusal(
      `No table has an index ${show(detail.index)}.`,
      "Correct the name, or leave it out. Of a materialized view only those indexes are known that were there before this file.",
    );
  const { table, index } = found;
  refuseNeeded(found);
  const { schema } = table.relation;
  const name = quoteRelation({ schema, name: index.name });
  const undo = restoringIndex(table, index);
  if (context.newTable)
    return onNewTable(operation, context, { name: "drop-index", sql: [`DROP INDEX ${name}`], undo: [] });
  if (!holdsRows(table) && !isDivided(table)) mustBePlain(table, "dropping an index concurrently");
  if (heirOf({ schema, name: index.name }, context) !== null)
    return nothing(`The index ${index.name} gives way to the one that this file makes, in one moment.`);
  if (!holdsRows(table)) return dropDividedIndex(table, index, context);
  const change = asChange(operation, { ...detail, index: { schema, name: index.name }, concurrently: true });
  const step = stepOf(change, context, {
    name: "drop-index",
    ...SWAP,
    transaction: false,
    unlimited: true,
    sql: [`DROP INDEX CONCURRENTLY IF EXISTS ${name}`],
    undo,
    undoTransaction: false,
    ...(index.unique ? { undoNeeds: { verify: null, cleanup: [clearing(table, index)] } } : {}),
    probe: goneProbe(schema, index.name),
    reason:
      "Old code's queries may be slow without it, and its ON CONFLICT fails where it is unique: it goes when that code is gone.",
  });
  return {
    steps: [step],
    retires: [],
    claims: goingClaims(table.relation, index.columns, `drops the index ${index.name}`),
    gates: [],
    notes: [
      `A rollback builds ${index.name} again while ${show(table.relation)} is in use (${sizeOf(table)})${index.unique ? ", and fails where there are duplicates by then" : ""}.`,
    ],
  };
}
