import type { MigrationPlan } from "../../src/model/plan.js";
import type { Step } from "../../src/model/step.js";

/** A plan of these steps, which takes nothing away and says nothing but what is given. */
export const planOf = (steps: readonly Step[], given: Partial<MigrationPlan> = {}): MigrationPlan => ({
  id: "20260101000000",
  name: "x",
  file: "x.sql",
  steps,
  retires: [],
  creates: [],
  gates: [],
  findings: [],
  notes: [],
  ...given,
});
