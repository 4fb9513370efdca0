import { beginsAnew } from "../journal/drift.js";
import type { MigrationRecord } from "../journal/records.js";
import type { Migration } from "../model/migration.js";
import { settledSteps } from "./rollback.js";
import { noted, type Run } from "./run.js";

/**
 * A migration of which nothing has run may be edited: it is marked as rolled back, so that it begins anew from its file.
 * Any other is left as it is.
 */
export async function beginAnew(run: Run, migrations: readonly Migration[], records: readonly MigrationRecord[]) {
  const { database, release } = run.options;
  const asking = { database, session: run.main };
  for (const record of records) {
    if (record.status !== "failed") continue;
    const migration = migrations.find((m) => m.id === record.id);
    if (migration === undefined || migration.checksum === record.checksum) continue;
    if (!(await beginsAnew(asking, record, migration, await settledSteps(run, record)))) continue;
    const detail = "edited after its first step had failed; nothing was left";
    await noted(run, async () => {
      await run.journal.audit(run.main, { action: "rollback", migrationId: record.id, stepId: null, release, detail });
      await run.journal.status(run.main, record.id, "rolled-back");
    });
  }
}
