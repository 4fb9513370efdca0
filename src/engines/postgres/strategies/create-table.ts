import { show } from "../../../model/name.js";
import type { CreateTable } from "../../../model/operation.js";
import { findTable, type Phased, Refusal, type StrategyContext } from "../../engine.js";
import { step } from "../../step.js";
import { refuseForm } from "../../table-form.js";
import { postgresEffects } from "../effects/index.js";
import { quoteRelation } from "../names.js";
import { createPartition } from "./partitions/create.js";

/** A new table takes nothing from anybody: the statement runs as it is written. */
export function createTable(operation: CreateTable, context: StrategyContext): Phased {
  const isPartition = operation.form === "partition-of" && !operation.temporary;
  // Where no code runs on the database, nobody waits for the query.
  const isFilled = operation.form === "as" && !operation.temporary && context.newDatabase === true;
  if (!isPartition && !isFilled) refuseForm(operation);
  const exists = findTable(context.catalog, operation.relation) !== null;
  if (exists && !operation.ifNotExists)
    throw new Refusal(
      `The table ${show(operation.relation)} exists already.`,
      "Choose another name, or drop this statement if the table was made by hand. Where another tool has run this file, record that: `zmigrate baseline --to ID`.",
    );
  if (exists)
    return {
      steps: [],
      retires: [],
      gates: [],
      notes: [
        `The table ${show(operation.relation)} exists already: IF NOT EXISTS leaves it as it is, whatever its columns.`,
      ],
    };
  if (isPartition) return createPartition(operation, context);
  const effect = postgresEffects(operation, context);
  return {
    steps: [
      step({
        id: `${context.ordinal}-create-table`,
        phase: "expand",
        kind: "ddl",
        sql: [context.statement],
        undo: [`DROP TABLE IF EXISTS ${quoteRelation(operation.relation)}`],
        locks: effect.locks.map((lock) => ({
          ...lock,
          relation: findTable(context.catalog, lock.relation)?.relation ?? lock.relation,
        })),
        reason: "Nobody uses a table that does not exist yet.",
      }),
    ],
    retires: [],
    gates: [],
    notes: [],
  };
}
