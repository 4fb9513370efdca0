import { ZmigrateError } from "../errors.js";
import type { MigrationRecord } from "../journal/records.js";
import type { Migration } from "../model/migration.js";

/**
 * What was begun must still be what the file says.
 *
 * @throws ZmigrateError edited-migration, missing-migration, unknown-migration
 */
export function checkHistory(
  migrations: readonly Migration[],
  records: readonly MigrationRecord[],
  to: string | null,
): void {
  const byId = new Map(migrations.map((m) => [m.id, m]));
  if (to !== null && !byId.has(to)) throw new ZmigrateError("unknown-migration", { id: to });
  for (const record of records) {
    if (record.status === "rolled-back") continue;
    const migration = byId.get(record.id);
    if (migration === undefined) {
      if (record.status === "contracted") continue;
      throw new ZmigrateError("missing-migration", { id: record.id, name: record.name });
    }
    if (migration.checksum !== record.checksum)
      throw new ZmigrateError("edited-migration", {
        file: migration.file,
        id: record.id,
        appliedAt: record.startedAt?.toISOString() ?? "?",
      });
  }
}
