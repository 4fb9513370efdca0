import { show } from "../../../model/name.js";
import type { CreateTable } from "../../../model/operation.js";
import { findTable, type Phased, Refusal } from "../../engine.js";
import { refuseForm } from "../../table-form.js";
import { quoteRelation } from "../names.js";
import type { MysqlContext } from "./algorithms.js";
import { ddl } from "./ddl.js";
import { hasTable, stateOf } from "./facts.js";
import * as locks from "./locks.js";
import { nothing } from "./subject.js";

function refuse(operation: CreateTable, context: MysqlContext): void {
  refuseForm(operation);
  if (findTable(context.catalog, operation.relation) !== null && !operation.ifNotExists)
    throw new Refusal(
      `The table ${show(operation.relation)} exists already.`,
      "Choose another name, or drop this statement if the table was made by hand. Where another tool has run this file, record that: `zmigrate baseline --to ID`.",
    );
}

/**
 * A new table takes nothing from anybody: the statement runs as it is written.
 *
 * @throws Refusal
 */
export function createTable(operation: CreateTable, context: MysqlContext): Phased {
  refuse(operation, context);
  const { relation } = operation;
  if (findTable(context.catalog, relation) !== null)
    return nothing(
      `The table ${show(relation)} exists already: IF NOT EXISTS leaves it as it is, whatever its columns.`,
    );
  return {
    steps: [
      ddl({
        id: `${context.ordinal}-create-table`,
        phase: "expand",
        sql: [context.statement],
        undo: [`DROP TABLE IF EXISTS ${quoteRelation(relation)}`],
        probe: { sql: stateOf(hasTable(relation)), repair: [], makes: `the table ${show(relation)}` },
        locks: [locks.brief(relation)],
        reason: "Nobody uses a table that does not exist yet.",
      }),
    ],
    retires: [],
    gates: [],
    notes: [],
  };
}
