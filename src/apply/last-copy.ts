import { countMismatches } from "../backfill/compare.js";
import type { MigrationRecord } from "../journal/records.js";
import type { Catalog } from "../model/catalog.js";
import type { Retired } from "../model/plan.js";
import type { Step } from "../model/step.js";
import { another } from "./another-column.js";
import { standsIn } from "./carried.js";
import { comparing } from "./comparing.js";
import type { Run } from "./run.js";

/** What has compared the parked column with the new one, when it was parked. */
function comparisonOf(run: Run, { plan }: MigrationRecord, { parked, replacement }: Retired): Step | undefined {
  const { quote } = run.options.database.engine;
  const names = [parked, replacement ?? ""].map(quote);
  return plan.steps.find((s) => s.stage === "swap" && names.every((name) => s.verify?.mismatch.includes(name)));
}

/**
 * Where the server knows columns by their names alone (MySQL, MariaDB), only the rows tell whether the new column is the one
 * that it was: the parked one follows it in every write.
 *
 * @throws ZmigrateError column-another, with the keys of some rows that differ
 */
export async function refuseLastCopy(run: Run, record: MigrationRecord, catalog: Catalog): Promise<void> {
  for (const retired of record.plan.retires) {
    const { relation, parked, replacement } = retired;
    const step = comparisonOf(run, record, retired);
    const there = replacement !== null && [parked, replacement].every((name) => standsIn(catalog, relation, name));
    if (step?.verify == null || !there) continue;
    const context = comparing(run, record.id, step.id);
    const { rows, mismatches, examples } = await countMismatches(context, step.verify);
    run.options.emit({ event: "verified", migration: record.id, step: step.id, rows, mismatches });
    const { engine } = run.options.database;
    if (mismatches > 0) throw another({ engine, record }, retired, { rows: mismatches, examples });
  }
}
