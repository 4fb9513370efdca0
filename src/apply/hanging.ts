import { ZmigrateError } from "../errors.js";
import type { MigrationRecord, StepRecord } from "../journal/records.js";
import { show } from "../model/name.js";
import type { Run } from "./run.js";

/**
 * Before anything is undone: looks for what somebody has made on the view that stands in for a renamed table. The rollback
 * drops that view, and what is made on the table itself goes along with it.
 *
 * @throws ZmigrateError rollback-impossible
 */
export async function refuseHanging(
  run: Run,
  { id, plan, swappedAt }: MigrationRecord,
  steps: readonly StepRecord[],
): Promise<void> {
  const { database } = run.options;
  const back = new Set(steps.filter((s) => s.status === "undone").map((s) => s.stepId));
  // A rollback that has taken back the swap alone left the view of the new name.
  const swapped = swappedAt !== null && !plan.steps.some((s) => s.stage === "swap" && back.has(s.id));
  for (const { relation, standIn } of plan.retiredTables ?? []) {
    if (standIn === undefined || database.hanging === undefined) continue;
    const [view, table] = swapped ? [relation, standIn] : [standIn, relation];
    const { objects } = await database.hanging(run.main, view, table);
    if (objects.length === 0) continue;
    throw new ZmigrateError("rollback-impossible", {
      id,
      reason: `${objects.join(", ")} hangs on ${show(view)}, a view that the rollback drops. Nothing was undone.`,
      help: `Drop it, or make it anew on ${show(table)}, with which it gets the old name; then run this again.`,
    });
  }
}
