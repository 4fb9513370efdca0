import { beginsAnew } from "../journal/drift.js";
import type { MigrationRecord } from "../journal/records.js";
import type { Migration } from "../model/migration.js";
import { settledSteps } from "./rollback.js";
import { noted, type Run } from "./run.js";

/** Somebody writes a batch of its backfills. Until the transaction ends, nobody begins another one. */
async function isUnderWay({ journal, main }: Run, { id: migrationId, plan }: MigrationRecord): Promise<boolean> {
  for (const { id: stepId } of plan.steps.filter((step) => step.backfill !== null)) {
    await journal.lockBackfill(main, { migrationId, stepId });
    if (await journal.ranges.underWay(main, { migrationId, stepId })) return true;
  }
  return false;
}

/**
 * A migration of which nothing has run may be edited: it is marked as rolled back, so that it begins anew from its file.
 * Any other is left as it is.
 */
export async function beginAnew(run: Run, migrations: readonly Migration[], records: readonly MigrationRecord[]) {
  const { database, release } = run.options;
  const asking = { database, session: run.main };
  for (const record of records) {
    const migration = migrations.find((m) => m.id === record.id);
    const asked = async () => beginsAnew(asking, record, migration, await run.journal.steps(run.main, record.id));
    if (!(await asked())) continue;
    await settledSteps(run, record);
    const detail = "edited after it was begun; nothing was left";
    await noted(run, async () => {
      // A process that helped the former run may still be about its backfill.
      if ((await isUnderWay(run, record)) || !(await asked())) return;
      await run.journal.audit(run.main, { action: "rollback", migrationId: record.id, stepId: null, release, detail });
      await run.journal.closeBackfills(run.main, record.id);
      await run.journal.endWorkers(run.main, record.id);
      await run.journal.status(run.main, record.id, "rolled-back");
    });
  }
}
