import type { Engine } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import type { VerifyWork } from "../model/step.js";
import { type CompareContext, countMismatches, type Verification } from "./compare.js";

/** True for a row that differs and that no pass fills; null where there is no pass. */
const clashing = ({ mismatch, repair }: VerifyWork): string | null =>
  repair === undefined ? null : `(${mismatch}) AND (${repair.where}) IS NOT TRUE`;

const NONE: Verification = Object.freeze({ rows: 0, mismatches: 0, examples: Object.freeze([]) });

/** Counts the rows in which both sides hold something and differ: none where there is no backfill to fill the others. */
export async function clashOf(context: CompareContext, work: VerifyWork): Promise<Verification> {
  const mismatch = clashing(work);
  return mismatch === null ? NONE : countMismatches(context, { ...work, mismatch });
}

/** The statements that settle a clash; null where the two sides are not known. */
function waysOut({ quoteRelation }: Engine, work: VerifyWork) {
  const where = clashing(work);
  if (where === null || work.repair === undefined || work.newWins === undefined) return null;
  const update = (set: string) => `UPDATE ${quoteRelation(work.relation)} SET ${set} WHERE ${where}`;
  return { oldWins: update(work.repair.set), newWins: update(work.newWins) };
}

/** What a comparison found. */
export interface Compared {
  readonly migration: string;
  readonly step: string;
  readonly work: VerifyWork;
  readonly found: Verification;
  readonly clash: Verification;
}

/** The error for rows that differ. Rows in which both sides hold something come first: somebody must choose. */
export function verifyFailed(engine: Engine, { migration, step, work, found, clash }: Compared): ZmigrateError {
  const ways = clash.mismatches === 0 ? null : waysOut(engine, work);
  const { mismatches, examples } = ways === null ? found : clash;
  return new ZmigrateError("verify-failed", {
    migration,
    step,
    mismatches,
    examples: `Keys of some: ${examples.join(" | ")}.`,
    ...(ways === null ? {} : { ways }),
    ...(work.violation === undefined ? {} : { violation: work.violation }),
  });
}
