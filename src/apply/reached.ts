import type { MigrationRecord } from "../journal/records.js";
import type { PhaseName } from "../model/phase.js";

/** Whether a phase of a migration is done; what `baseline` has recorded had all of them before. */
function isDone({ status, expandedAt, backfilledAt }: MigrationRecord, phase: PhaseName): boolean {
  if (status === "rolled-back") return false;
  if (status === "contracted") return true;
  if (phase === "expand") return expandedAt !== null;
  return phase === "backfill" && backfilledAt !== null;
}

const standing = (record: MigrationRecord | undefined): string =>
  record === undefined ? "has not begun" : `is ${record.status}`;

/**
 * The first of the migrations that has not come as far as the end of a phase, in words; null where all have.
 *
 * @param ids their digits, in order
 * @example
 * notReached(records, ["20260101000000"], "expand") // "20260101000000 is expanding"
 */
export function notReached(
  records: readonly MigrationRecord[],
  ids: readonly string[],
  phase: PhaseName,
): string | null {
  const byId = new Map(records.map((r) => [r.id, r]));
  const late = ids.find((id) => {
    const record = byId.get(id);
    return record === undefined || !isDone(record, phase);
  });
  return late === undefined ? null : `${late} ${standing(byId.get(late))}`;
}
