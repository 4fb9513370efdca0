import type { Operation } from "../../../model/operation.js";
import type { Phased, StrategyContext } from "../../engine.js";
import { planBy, type Strategies } from "../../strategies.js";
import { addColumn } from "./add-column.js";
import { createIndex } from "./create-index.js";
import { createTable } from "./create-table.js";
import { DETAILS } from "./details.js";
import { dropColumn } from "./drop-column.js";
import { renameColumn } from "./rename-column.js";

/** One strategy a kind: a new one is one file and one line here. */
const STRATEGIES: Strategies = {
  "create-table": createTable,
  "add-column": addColumn,
  "rename-column": renameColumn,
  "create-index": createIndex,
  "drop-column": dropColumn,
};

/** @throws Refusal when there is no safe way */
export function planOperation(operation: Operation, context: StrategyContext): Phased {
  return planBy(STRATEGIES, DETAILS, operation, context);
}
