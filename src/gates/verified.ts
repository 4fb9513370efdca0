import { closed, type Gate, open } from "./gate.js";

/** Every verification of the migration has run and found no mismatching row. */
export const verified: Gate = {
  name: "verified",
  async check({ record, steps, stage }) {
    const names = record.plan.steps
      .filter((s) => s.kind === "verify" && (s.phase !== "contract" || stage === "drop"))
      .map((s) => s.id);
    const open_ = names.filter((id) => steps.find((s) => s.stepId === id)?.status !== "done");
    if (open_.length > 0) return closed("verified", `not verified yet: ${open_.join(", ")}`);
    return open("verified", names.length === 0 ? "nothing to verify" : "no mismatching row");
  },
};
