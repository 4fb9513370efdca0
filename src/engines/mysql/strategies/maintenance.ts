import type { MaintainTable, RebuildTable, Switch } from "../../../model/detail/table.js";
import type { OtherOperation } from "../../../model/operation.js";
import { type Phased, Refusal } from "../../engine.js";
import type { MysqlContext } from "./algorithms.js";
import { mustBeAlone } from "./in-file.js";
import { CopyRefusal, rebuildHelp } from "./osc.js";
import { nothing } from "./subject.js";
import { asserting } from "./table-option.js";
import { asWritten, effectOf, hazardOf, sizeOfTable, stepOf } from "./written.js";

/** The same table, written anew beside its writers. @throws Refusal where it is copied */
export function rebuildTable(_: RebuildTable, operation: OtherOperation, context: MysqlContext): Phased {
  mustBeAlone(context, "FORCE");
  return asWritten(operation, context, {
    name: "rebuild",
    phase: "backfill",
    sql: [asserting(operation, context)],
    reason: "The table is written anew beside its writers; replicas do it once more, one after the other.",
  });
}

/** ENABLE and DISABLE KEYS. */
export const switchKeys = (_: Switch): Phased =>
  nothing("ENABLE KEYS and DISABLE KEYS do nothing to InnoDB, and are left out.");

/** ANALYZE, CHECK, CHECKSUM, OPTIMIZE, REPAIR, in the backfill phase. @throws Refusal where reads or writes wait */
export function maintainTable(detail: MaintainTable, operation: OtherOperation, context: MysqlContext): Phased {
  const hazard = hazardOf(effectOf(operation, context));
  if (hazard !== null) {
    const reason = `${detail.verb.toUpperCase()} TABLE (${sizeOfTable(operation, context)}): ${hazard}.`;
    const { relation } = operation;
    if (detail.verb !== "optimize" || relation === null)
      throw new Refusal(reason, "Run it by hand, in a maintenance window.");
    throw new CopyRefusal(reason, rebuildHelp(relation, "FORCE", context), relation, "FORCE");
  }
  mustBeAlone(context, `${detail.verb.toUpperCase()} of several tables`);
  const made = stepOf(operation, context, {
    name: detail.verb,
    phase: "backfill",
    sql: [context.statement],
    unlimited: true,
    reason: "Reads and writes go on.",
  });
  return { steps: [made], retires: [], gates: [], notes: [] };
}
