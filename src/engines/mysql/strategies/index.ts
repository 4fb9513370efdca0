import type { Operation } from "../../../model/operation.js";
import { type Phased, Refusal, type StrategyContext } from "../../engine.js";
import { planBy, type Strategies } from "../../strategies.js";
import { nameProblem } from "../names.js";
import type { Osc } from "../osc/index.js";
import type { MysqlDialect } from "../parse/dialect.js";
import type { MysqlContext } from "./algorithms.js";
import { besideHashes } from "./beside-hashes.js";
import { handedOver } from "./by-tool.js";
import { createIndex } from "./create-index.js";
import { createTable } from "./create-table.js";
import { withDefiner } from "./definer.js";
import { addOrDerive, dropOrDerive } from "./derived/index.js";
import { DETAILS } from "./details.js";
import { withEnums } from "./enum-defaults.js";
import { withMoments } from "./moments-beside.js";
import { CopyRefusal } from "./osc.js";
import { refuseOtherText } from "./other-text.js";
import { renameColumn } from "./rename-column.js";
import { refuseSequenceDefault } from "./sequence-default.js";
import { refuseUnderSettings } from "./under-settings.js";

/** One strategy a kind: a new one is one file and one line here. */
const STRATEGIES: Strategies<MysqlContext> = {
  "create-table": createTable,
  "add-column": addOrDerive,
  "rename-column": renameColumn,
  "create-index": createIndex,
  "drop-column": dropOrDerive,
};

/** The names that an operation brings into the world. */
function namesOf(operation: Operation): readonly string[] {
  switch (operation.kind) {
    case "rename-column":
      return [operation.to];
    case "add-column":
      return [operation.column.name];
    default:
      return [];
  }
}

function refuseBadNames(operation: Operation): void {
  for (const name of namesOf(operation)) {
    const problem = nameProblem(name);
    if (problem !== null) throw new Refusal(`The name ${name} ${problem}.`, "Choose another name.");
  }
}

/** @throws Refusal when there is no safe way */
export function planOperation(
  operation: Operation,
  context: StrategyContext,
  dialect: MysqlDialect,
  osc: Osc | null = null,
): Phased {
  const own = { ...context, dialect };
  if (osc === null) return planned(operation, own);
  try {
    return planned(operation, own);
  } catch (error) {
    if (!(error instanceof CopyRefusal)) throw error;
    return handedOver(error, operation, own, osc);
  }
}

function planned(operation: Operation, own: MysqlContext): Phased {
  refuseBadNames(operation);
  refuseOtherText(own);
  refuseUnderSettings(operation, own);
  const phased = besideHashes(operation, own, (given) => planBy(STRATEGIES, DETAILS, operation, given));
  const byAuthor = operation.kind === "other" && operation.detail?.kind === "create-object";
  if (byAuthor) return phased;
  const { relation } = operation;
  const beside = withMoments(withEnums(phased, relation, own), relation, own);
  return refuseSequenceDefault(withDefiner(beside, relation), relation, own);
}
