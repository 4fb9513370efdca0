import type { Session } from "../engines/engine.js";
import type { Journal } from "../journal/journal.js";
import type { MigrationRecord, StepRecord } from "../journal/records.js";
import type { PassedOver } from "../model/status-report.js";
import type { Step } from "../model/step.js";

/** So many rows of a step are named. */
const NAMED = 5;

/** The operation that a step is of: steps are numbered by it. */
const operationOf = ({ id }: Step): string => id.split("-")[0] ?? id;

/** True where the comparison is of what the backfill fills. */
const isAbout = (check: Step, step: Step): boolean =>
  check.verify !== null &&
  check.phase !== "contract" &&
  operationOf(check) === operationOf(step) &&
  JSON.stringify(check.verify.relation) === JSON.stringify(step.backfill?.relation);

async function of(journal: Journal, session: Session, migrationId: string, stepId: string): Promise<PassedOver[]> {
  const rows = await journal.badRows.count(session, { migrationId, stepId });
  if (rows === 0) return [];
  const first = await journal.badRows.list(session, { migrationId, stepId }, NAMED);
  return [{ step: stepId, rows, first: first.map(({ key, reason }) => ({ key, reason })) }];
}

/**
 * The rows that the backfills of a migration have passed over, by step. A comparison that has gone over all rows once more knows better than
 * the backfill before it, and where it has found no row that differs nothing is left of them.
 */
export async function passedOverBy(
  journal: Journal,
  session: Session,
  { id, plan }: MigrationRecord,
  steps: readonly StepRecord[],
): Promise<PassedOver[]> {
  const told = new Set<string>();
  for (const step of plan.steps.filter((s) => s.backfill !== null)) {
    const checks = plan.steps.filter((s) => isAbout(s, step)).map((s) => s.id);
    const records = steps.filter((s) => checks.includes(s.stepId));
    if (records.length > 0 && records.every((r) => r.status === "done" && r.error === null)) continue;
    let last = step.id;
    for (const stepId of checks)
      if ((await journal.backfill(session, { migrationId: id, stepId })) !== null) last = stepId;
    told.add(last);
  }
  const found: PassedOver[] = [];
  for (const stepId of told) found.push(...(await of(journal, session, id, stepId)));
  return found;
}
