import { step } from "../../../src/engines/step.js";
import type { Lock } from "../../../src/model/effect.js";
import type { PlannedMigration, PlanReport } from "../../../src/model/plan-report.js";
import type { QueryCompatibility, QueryOutcome } from "../../../src/model/query.js";
import type { Step } from "../../../src/model/step.js";
import { planOf } from "../../plan/plan-of.js";

const USERS = { schema: "public", name: "users" };

export const lock = (given: Partial<Lock> = {}): Lock => ({
  relation: USERS,
  mode: "ACCESS EXCLUSIVE",
  blocks: "reads",
  held: "brief",
  ...given,
});

/** A column that is added, filled, swapped in and whose predecessor is dropped. */
export const STEPS: readonly Step[] = [
  step({
    id: "1-add",
    phase: "expand",
    kind: "ddl",
    sql: ["ALTER TABLE users ADD b int"],
    locks: [lock()],
    reason: "Adds.",
  }),
  step({
    id: "1-fill",
    phase: "backfill",
    kind: "backfill",
    backfill: { relation: USERS, set: "b = a", where: "b IS NULL", key: null, rows: null, targetMs: null },
    reason: "Fills.",
  }),
  step({ id: "1-swap", phase: "contract", stage: "swap", kind: "ddl", sql: ["SELECT 1"], reason: "Swaps." }),
  step({ id: "1-drop", phase: "contract", stage: "drop", kind: "ddl", sql: ["SELECT 2"], reason: "Drops." }),
];

export function planned(given: Partial<PlannedMigration> = {}, steps: readonly Step[] = STEPS): PlannedMigration {
  const named = { id: "20260101000000", name: "change", file: "migrations/20260101000000_change.sql" };
  return {
    ...named,
    status: "pending",
    plan: planOf(steps, named),
    refusals: [],
    findings: [],
    gates: [
      { name: "verified", setting: "" },
      { name: "soak", setting: "1h" },
      { name: "park", setting: "24h" },
    ],
    ...given,
  };
}

export const report = (...migrations: readonly PlannedMigration[]): PlanReport => ({
  engine: "postgres",
  version: "18",
  quote: '"',
  schemaSource: "database",
  migrations,
});

export const SIZES = [{ relation: USERS, rows: 1_000_000, bytes: 80_000_000 }];

const WORKS: QueryOutcome = { verdict: "works", reason: null };

/** A query of the old code that works everywhere but where something else is given. */
export function asked(
  text: string,
  outcomes: Partial<QueryCompatibility["outcomes"]> = {},
  owner: QueryCompatibility["owner"] = "old",
): QueryCompatibility {
  const all = { before: WORKS, expand: WORKS, backfill: WORKS, swap: WORKS, drop: WORKS, ...outcomes };
  return { query: { source: "queries/a.sql:1", text }, owner, outcomes: all };
}

export const BROKEN: QueryOutcome = { verdict: "breaks", reason: "no column a" };
