import type { RenameIndex } from "../../../model/detail/index-change.js";
import { show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import type { Phased, StrategyContext } from "../../engine.js";
import { EXPAND, SWAP } from "../../place.js";
import { quote, quoteRelation } from "../names.js";
import { claimsOn } from "./constraint/steps.js";
import { onNewTable } from "./on-new-table.js";
import { indexOf, mustHaveIndex } from "./own-index.js";
import { nothing, stepOf } from "./written.js";

/** ALTER INDEX ... RENAME: reads and writes go on. The index of a key gives its name to the constraint. @throws Refusal */
export function renameIndex(detail: RenameIndex, operation: OtherOperation, context: StrategyContext): Phased {
  const name = { schema: operation.relation?.schema ?? null, name: detail.from };
  if (detail.ifExists && indexOf(name, context) === null)
    return nothing(`There is no index ${show(name)}: IF EXISTS has nothing to do.`);
  const { table, index } = mustHaveIndex(name, context);
  const { schema } = table.relation;
  const rename = (from: string, to: string) => [
    `ALTER INDEX ${quoteRelation({ schema, name: from })} RENAME TO ${quote(to)}`,
  ];
  const given = {
    name: "rename-index",
    sql: rename(detail.from, detail.to),
    undo: rename(detail.to, detail.from),
  };
  if (context.newTable) return onNewTable(operation, context, given);
  const key = index.constraint !== null;
  const reason = key
    ? `The constraint has its index's name, and old code may write ON CONFLICT ON CONSTRAINT ${index.constraint}.`
    : "No query names an index.";
  return {
    steps: [stepOf(operation, context, { ...given, ...(key ? SWAP : EXPAND), reason })],
    retires: [],
    claims: claimsOn(table.relation, index.columns, `renames the index ${detail.from}`).map((c) => ({
      ...c,
      renames: true,
    })),
    gates: [],
    notes: [],
  };
}
