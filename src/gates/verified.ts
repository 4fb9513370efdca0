import type { StepRecord } from "../journal/records.js";
import { closed, type Gate, open } from "./gate.js";

/** Why a verification is not done; null when it is. */
function missing(id: string, record: StepRecord | undefined): string | null {
  if (record?.status === "done") return null;
  return record?.error == null ? `${id} has not compared yet` : `${id}: ${record.error}`;
}

/**
 * Every verification of the migration has run and found no mismatching row, or no more than may. What was compared before the swap cannot be
 * compared after it: the drop asks for what the swap itself has to verify.
 */
export const verified: Gate = {
  name: "verified",
  always: true,
  async check({ record, steps, stage }) {
    const all = record.plan.steps.filter((s) => s.kind === "verify");
    const asked = all.filter((s) => (s.phase === "contract") === (stage === "drop"));
    const reasons = asked.flatMap(
      (s) =>
        missing(
          s.id,
          steps.find((r) => r.stepId === s.id),
        ) ?? [],
    );
    if (reasons.length > 0) return closed("verified", reasons.join("; "));
    if (all.length === 0) return open("verified", "nothing to verify");
    // One that has found rows that differ, and no more than may, has noted them.
    const allowed = asked.flatMap(({ id }) => steps.find((r) => r.stepId === id)?.error ?? []);
    if (allowed.length > 0) return open("verified", allowed.join("; "));
    return open("verified", asked.length > 0 ? "no mismatching row" : "no mismatching row before the swap");
  },
};
