import { sameRelation } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import type { MigrationRecord } from "../journal/records.js";
import type { RelationName } from "../model/name.js";

/** The tables that a migration makes or changes, as far as its plan tells. */
const tablesOf = ({ plan }: MigrationRecord): readonly RelationName[] => [
  ...plan.creates,
  ...plan.retires.map((r) => r.relation),
  ...plan.steps.flatMap((s) => s.locks.map((l) => l.relation)),
];

/**
 * What stands on a migration must go before it.
 *
 * @throws ZmigrateError rollback-impossible while a later migration that is not rolled back changes one of its tables
 */
export function refuseUnderLater(
  record: MigrationRecord,
  records: readonly MigrationRecord[],
  defaultSchema: string | null,
): void {
  const own = tablesOf(record);
  const stands = (r: MigrationRecord) =>
    r.id > record.id &&
    r.status !== "rolled-back" &&
    tablesOf(r).some((a) => own.some((b) => sameRelation(a, b, defaultSchema)));
  const later = records.findLast(stands);
  if (later === undefined) return;
  throw new ZmigrateError("rollback-impossible", {
    id: record.id,
    reason: `migration ${later.id} (${later.name}) came after it and changes the same table; \`zmigrate rollback ${later.id}\` first.`,
  });
}
