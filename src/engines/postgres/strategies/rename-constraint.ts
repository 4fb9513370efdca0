import type { RenameConstraint } from "../../../model/detail/constraint.js";
import type { OtherOperation } from "../../../model/operation.js";
import type { Phased, StrategyContext } from "../../engine.js";
import { EXPAND, SWAP } from "../../place.js";
import { notYet } from "../../strategies.js";
import { quote } from "../names.js";
import { constraintOf } from "./constraint/find.js";
import { alter, claimsOn } from "./constraint/steps.js";
import { isNamedBefore } from "./in-file.js";
import { onNewTable } from "./on-new-table.js";
import { wholeTable } from "./tables.js";
import { stepOf } from "./written.js";

/** RENAME CONSTRAINT: only ON CONFLICT ON CONSTRAINT names one, which is that of a key. @throws Refusal */
export function renameConstraint(
  detail: RenameConstraint,
  operation: OtherOperation,
  context: StrategyContext,
): Phased {
  const { from, to } = detail;
  if (operation.relation === null) return notYet(detail, operation);
  const table = wholeTable(operation, operation.relation, context);
  const constraint = constraintOf(table, from, context);
  const rename = (a: string, b: string) => [alter(table, `RENAME CONSTRAINT ${quote(a)} TO ${quote(b)}`)];
  const given = { name: "rename-constraint", sql: rename(from, to), undo: rename(to, from) };
  if (context.newTable) return onNewTable(operation, context, given);
  const key = constraint.index !== null;
  const place = key || isNamedBefore({ operation, context, table }, from) ? SWAP : EXPAND;
  const reason = key
    ? `Old code may write ON CONFLICT ON CONSTRAINT ${from}, so the name stays until it is gone.`
    : `Nothing names ${from} but messages of the server.`;
  return {
    steps: [stepOf(operation, context, { ...given, ...place, reason })],
    retires: [],
    claims: claimsOn(table.relation, constraint.columns, `renames the constraint ${from}`).map((c) => ({
      ...c,
      renames: true,
    })),
    gates: [],
    notes: [],
  };
}
