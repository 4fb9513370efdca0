import type { MaintainTable } from "../../../model/detail/table.js";
import { show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import { findTable, type Phased, Refusal, type StrategyContext } from "../../engine.js";
import { stepOf } from "./written.js";

/** CLUSTER and VACUUM FULL. @throws Refusal, always: everybody waits while the table is written anew */
export function rebuildTable(_: unknown, { relation, what }: OtherOperation, context: StrategyContext): Phased {
  const table = relation === null ? null : findTable(context.catalog, relation);
  const size = table?.bytes == null ? "" : ` (${Math.ceil(table.bytes / 1_048_576)} MB)`;
  throw new Refusal(
    `${what} writes ${relation === null ? "every table" : show(relation)}${size} anew while everybody waits.`,
    "Use pg_repack or pg_squeeze, or take a maintenance window.",
  );
}

/** VACUUM and ANALYZE, in the backfill phase: reads and writes go on. May be run again. @throws Refusal for VACUUM FULL */
export function maintainTable(detail: MaintainTable, operation: OtherOperation, context: StrategyContext): Phased {
  if (detail.verb === "vacuum" && detail.options.includes("FULL")) return rebuildTable(detail, operation, context);
  if ((context.operationsInStatement ?? 1) > 1)
    throw new Refusal(`One statement is about several tables.`, "Write one for each.");
  const made = stepOf(operation, context, {
    name: detail.verb,
    phase: "backfill",
    sql: [context.statement],
    unlimited: true,
    reason: "Reads and writes go on; other DDL waits.",
  });
  return { steps: [made], retires: [], gates: [], notes: [] };
}
