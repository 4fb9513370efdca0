import type { MigrationRecord } from "../journal/records.js";
import type { Migration } from "../model/migration.js";
import { mayHaveRun, settledSteps } from "./rollback.js";
import { noted, type Run } from "./run.js";

/** True when the database is as if the migration had never begun: its first step failed, and left nothing. */
async function leftNothing(run: Run, record: MigrationRecord): Promise<boolean> {
  const steps = new Map((await settledSteps(run, record)).map((s) => [s.stepId, s]));
  for (const step of record.plan.steps) if (await mayHaveRun(run, step, steps.get(step.id))) return false;
  return true;
}

/**
 * A migration of which nothing has run may be edited: it is marked as rolled back, so that it begins anew from its file.
 * Any other is left as it is.
 */
export async function beginAnew(run: Run, migrations: readonly Migration[], records: readonly MigrationRecord[]) {
  const checksums = new Map(migrations.map((m) => [m.id, m.checksum]));
  for (const record of records) {
    const checksum = checksums.get(record.id);
    const edited = record.status === "failed" && checksum !== undefined && checksum !== record.checksum;
    if (!edited || !(await leftNothing(run, record))) continue;
    const { release } = run.options;
    const detail = "edited after its first step had failed; nothing was left";
    await noted(run, async () => {
      await run.journal.audit(run.main, { action: "rollback", migrationId: record.id, stepId: null, release, detail });
      await run.journal.status(run.main, record.id, "rolled-back");
    });
  }
}
