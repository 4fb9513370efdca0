import { show } from "../../model/name.js";
import type { PlannedMigration } from "../../model/plan-report.js";
import type { SampledPair } from "../../model/row-pair.js";
import { rowsText } from "../../plural.js";

/**
 * What live rows say of a conversion and of the way back, in a sentence or two.
 *
 * @param writes whether the file itself writes rows of the table first
 */
export function sampleText(sample: SampledPair, writes: boolean): string {
  const { columns, sampled, lossy, examples, failed, stopped } = sample;
  const table = show(sample.relation);
  if (failed !== null)
    return `The row of ${table} with the key ${failed.key} cannot be converted: ${failed.reason}. The backfill would stop at it${writes ? ", unless this file's own change of rows mends it first" : ""}: mend it, or write another expression.`;
  if (stopped !== null) return `What ${columns} of ${table} becomes was not tried on live rows: ${stopped}.`;
  if (lossy === 0)
    return `Tried on ${rowsText(sampled)} of ${table}: ${columns} can be computed back as it was in each of them.`;
  return `Lossy on ${lossy} of ${rowsText(sampled)} of ${table} that were tried: computed back, ${columns} is not what it was, for instance in those with the key ${examples.join(" | ")}.`;
}

const writesRowsOf = ({ plan }: PlannedMigration, { relation }: SampledPair): boolean =>
  (plan?.steps ?? []).some((s) => s.backfill?.statement !== undefined && show(s.backfill.relation) === show(relation));

/** All that a reviewer should know besides the steps. */
export const notesOf = (migration: PlannedMigration): readonly string[] => [
  ...(migration.plan?.notes ?? []),
  ...(migration.plan?.leaves ?? []),
  ...(migration.samples ?? []).map((sample) => sampleText(sample, writesRowsOf(migration, sample))),
];
