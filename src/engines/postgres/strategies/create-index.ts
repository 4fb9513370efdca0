import { show } from "../../../model/name.js";
import type { CreateIndex } from "../../../model/operation.js";
import { type Phased, Refusal, type StrategyContext } from "../../engine.js";
import { quoteRelation } from "../names.js";
import { buildIndex } from "./constraints.js";
import { indexName } from "./names-taken.js";
import { mustBePlain, tableOf } from "./subject.js";

/** Built CONCURRENTLY whatever was written, since the table is in use. */
export function createIndex(operation: CreateIndex, context: StrategyContext): Phased {
  const table = tableOf(operation.relation, context);
  mustBePlain(table, "building an index concurrently");
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
  return {
    steps: [
      buildIndex({
        id: `${context.ordinal}-create-index`,
        phase: "expand",
        relation: table.relation,
        name,
        unique: operation.unique,
        undo: true,
        on: `${quoteRelation(table.relation)} ${operation.definition}`,
        reason: `Built while ${show(table.relation)} is read and written. A build that fails leaves an invalid index, which the next run drops first.`,
      }),
    ],
    retires: [],
    gates: [],
    notes: operation.unique ? ["Code that writes duplicates fails from the moment the build begins."] : [],
  };
}
