import type { Operation } from "../../../model/operation.js";
import { findTable, type Phased, type StrategyContext } from "../../engine.js";
import { planBy, type Strategies } from "../../strategies.js";
import { addColumn } from "./add-column.js";
import { dropWithAll } from "./cascades.js";
import { createIndex } from "./create-index.js";
import { createTable } from "./create-table.js";
import { derived } from "./derived/index.js";
import { DETAILS } from "./details.js";
import { dropColumn } from "./drop-column.js";
import { movedAddition, movedDrop } from "./moved/index.js";
import { renameColumn } from "./rename-column.js";
import { nothing } from "./written.js";

/** One strategy a kind: a new one is one file and one line here. */
const STRATEGIES: Strategies = {
  "create-table": createTable,
  "add-column": (operation, context) =>
    movedAddition(operation, context) ?? derived(operation, context) ?? addColumn(operation, context),
  "rename-column": renameColumn,
  "create-index": createIndex,
  "drop-column": (operation, context) =>
    movedDrop(operation, context) ?? derived(operation, context) ?? dropColumn(operation, context),
};

/** `ALTER TABLE IF EXISTS` of a table that is not there does nothing, whatever it says. */
const isForNothing = ({ relation, ifTableExists }: Operation, { catalog }: StrategyContext): boolean =>
  ifTableExists === true && relation !== null && catalog.complete && findTable(catalog, relation) === null;

/** @throws Refusal when there is no safe way */
export function planOperation(operation: Operation, context: StrategyContext): Phased {
  if (isForNothing(operation, context))
    return nothing(`There is no table ${operation.relation?.name}: IF EXISTS has nothing to do.`);
  return dropWithAll(operation, context) ?? planBy(STRATEGIES, DETAILS, operation, context);
}
