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
  /** So many may differ. */
  readonly allowed: number;
  /** Present, and true, where no pass has tried to fill the rows yet: the next `apply` does. */
  readonly untried?: true;
  /** Rows that the last pass has passed over; absent for none. */
  readonly passedOver?: number;
}

const some = (examples: readonly string[]): string => examples.join(" | ");

/** The error for rows that differ. Where both sides hold something somebody must choose; a pass of `apply` fills the others. */
export function verifyFailed(
  engine: Engine,
  { migration, step, work, found, clash, allowed, untried, passedOver = 0 }: Compared,
) {
  const ways = clash.mismatches === 0 ? null : waysOut(engine, work);
  const fills = untried === true && work.repair !== undefined && clash.mismatches === 0;
  return new ZmigrateError("verify-failed", {
    migration,
    step,
    allowed,
    mismatches: found.mismatches,
    examples: `Keys of some: ${some(found.examples)}.`,
    ...(ways === null ? {} : { clash: { rows: clash.mismatches, examples: some(clash.examples), ...ways } }),
    ...(fills ? { fills } : {}),
    ...(passedOver > 0 ? { passedOver } : {}),
    ...(work.violation === undefined ? {} : { violation: work.violation }),
  });
}
