import { findTable } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import type { MigrationRecord, StepRecord } from "../journal/records.js";
import type { Catalog } from "../model/catalog.js";
import { show } from "../model/name.js";
import type { Retired } from "../model/plan.js";

/** True while a migration still needs the columns that it will drop: nothing is dropped, and nothing taken back. */
function needsThem({ status, plan }: MigrationRecord, steps: readonly StepRecord[]): boolean {
  if (status === "contracted" || status === "rolled-back") return false;
  const final = new Set(plan.steps.filter((s) => s.final).map((s) => s.id));
  return !steps.some((s) => s.status === "undone" || (final.has(s.stepId) && s.status !== "pending"));
}

/** The old sides of a migration under way that somebody has dropped or renamed, before or after its swap. */
function goneColumns(record: MigrationRecord, steps: readonly StepRecord[], catalog: Catalog): readonly Retired[] {
  if (!needsThem(record, steps)) return [];
  return record.plan.retires.filter(({ relation, column, parked }) => {
    const table = findTable(catalog, relation);
    // MySQL's columns do not tell case apart.
    const there = new Set(table?.columns.map((c) => c.name.toLowerCase()));
    const names = record.swappedAt === null ? [column, parked] : [parked];
    return table !== null && !names.some((name) => there.has(name.toLowerCase()));
  });
}

/** The error of a column that is to be copied from, or would be all that is left; null when all are there. */
export function columnGone(
  record: MigrationRecord,
  steps: readonly StepRecord[],
  catalog: Catalog,
): ZmigrateError<"column-gone"> | null {
  // What is parked was to be dropped anyway.
  const [gone] = record.swappedAt === null ? goneColumns(record, steps, catalog) : [];
  if (gone === undefined) return null;
  const { relation, column, replacement } = gone;
  return new ZmigrateError("column-gone", { id: record.id, table: show(relation), column, replacement });
}

/** @throws ZmigrateError column-gone */
export function refuseGoneColumns(record: MigrationRecord, steps: readonly StepRecord[], catalog: Catalog): void {
  const error = columnGone(record, steps, catalog);
  if (error !== null) throw error;
}

/** The name of a parked column that somebody has dropped before its time; null where all are there. */
export function goneParked(record: MigrationRecord, steps: readonly StepRecord[], catalog: Catalog): string | null {
  return record.swappedAt === null ? null : (goneColumns(record, steps, catalog)[0]?.parked ?? null);
}

/** @throws ZmigrateError rollback-impossible where the swap has given the name away and its bearer is gone */
export function refuseWithoutParked(record: MigrationRecord, steps: readonly StepRecord[], catalog: Catalog): void {
  const [gone] = record.swappedAt === null ? [] : goneColumns(record, steps, catalog);
  if (gone === undefined) return;
  throw new ZmigrateError("rollback-impossible", {
    id: record.id,
    reason: `${gone.parked}, which ${show(gone.relation)}.${gone.column} was parked as, is gone: somebody has dropped or renamed it.`,
    help: "`zmigrate apply --contract` finishes the migration, which drops that column anyway. To take it back, give the column its name again first.",
  });
}
