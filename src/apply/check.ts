import { ZmigrateError } from "../errors.js";
import { refuseDrift } from "../journal/drift.js";
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
  if (to !== null && !migrations.some((m) => m.id === to)) throw new ZmigrateError("unknown-migration", { id: to });
  refuseDrift(migrations, records);
}
