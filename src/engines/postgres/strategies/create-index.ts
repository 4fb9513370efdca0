import type { Table } from "../../../model/catalog.js";
import { show } from "../../../model/name.js";
import type { CreateIndex } from "../../../model/operation.js";
import type { Step } from "../../../model/step.js";
import { type Phased, Refusal, type StrategyContext } from "../../engine.js";
import { quoteRelation } from "../names.js";
import { claimsOn } from "./constraint/steps.js";
import { buildIndex } from "./constraints.js";
import { exchangeSteps, heirName, heirOf } from "./exchange-index.js";
import { indexName } from "./names-taken.js";
import { indexMaterialized, materializedView } from "./objects/materialized-index.js";
import { createDividedIndex } from "./partitions/create-index.js";
import { newDividedIndex } from "./partitions/new-index.js";
import { mustBePlain, tableOf } from "./subject.js";
import { holdsRows, isDivided } from "./tables.js";

/**
 * Built CONCURRENTLY whatever was written, since the table is in use; of a table with partitions in each of them. Where the
 * file drops the index of its name before, the two exchange it in the swap.
 *
 * @throws Refusal
 */
export function createIndex(operation: CreateIndex, context: StrategyContext): Phased {
  const view = materializedView(operation, context);
  if (view !== null) return indexMaterialized(operation, view, context);
  const table = tableOf(operation.relation, context);
  if (!holdsRows(table) && !isDivided(table)) mustBePlain(table, "building an index concurrently");
  const name = operation.name ?? indexName(table, operation, context);
  const existing = context.catalog.tables
    .flatMap((t) => (t.relation.schema === table.relation.schema ? t.indexes : []))
    .find((i) => i.name === name);
  if (existing?.valid === true) {
    if (operation.ifNotExists)
      return {
        steps: [],
        retires: [],
        gates: [],
        notes: [`The index ${name} exists already: IF NOT EXISTS leaves it as it is: ${existing.definition}`],
      };
    throw new Refusal(
      `There is an index ${name} already: ${existing.definition}`,
      "Choose another name, or drop this statement if the index was made by hand.",
    );
  }
  const index = { schema: table.relation.schema, name };
  if (isDivided(table))
    return newDividedIndex(operation, table, name, context) ?? createDividedIndex(operation, table, name, context);
  // Of a new table the one in front is dropped at once.
  const exchanges = !context.newTable && heirOf(index, context) === operation;
  const built = build(operation, table, exchanges ? heirName(index, context) : name, context);
  const notes = operation.unique ? ["Code that writes duplicates fails from the moment the build begins."] : [];
  if (!exchanges) return { steps: [built], retires: [], gates: [], notes };
  refuseSplit(name, context);
  return {
    steps: [built, ...exchangeSteps(index, table, context)],
    takesOver: true,
    retires: [],
    gates: [],
    notes,
    claims: claimsOn(
      table.relation,
      operation.keys.flatMap((k) => k.column ?? []),
      `makes the index ${name}`,
    ),
  };
}

/** It begins in expand and ends in contract. @throws Refusal where its author has put it into one phase */
function refuseSplit(name: string, { phase }: StrategyContext): void {
  if (phase == null) return;
  throw new Refusal(
    `The index that takes the name ${name} is built in expand and named in contract, and this stands in the ${phase} phase.`,
    "Leave the phase directives out and let zmigrate split it, or give the new index another name.",
  );
}

function build(operation: CreateIndex, table: Table, name: string, context: StrategyContext): Step {
  const later = name === operation.name || operation.name === null ? "" : ` It takes its name in the swap.`;
  return buildIndex({
    id: `${context.ordinal}-create-index`,
    phase: "expand",
    relation: table.relation,
    name,
    unique: operation.unique,
    undo: true,
    on: `${quoteRelation(table.relation)} ${operation.definition}`,
    reason: `Built while ${show(table.relation)} is read and written. A build that fails leaves an invalid index, which the next run drops first.${later}`,
  });
}
