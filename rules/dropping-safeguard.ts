import type { Operation } from "../src/model/operation.js";
import { ALL_ENGINES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

const LOSSES: Readonly<Record<string, string>> = {
  trigger: "What the trigger did to rows that running code writes no longer happens",
  rule: "What the rule did to statements of running code no longer happens",
  policy: "Roles that saw rows by this policy see none, or see all where it was the last that restricted them",
  event: "What the event did on its schedule no longer happens",
};

/** What running code loses, in words; null where nothing of the kind is taken away. */
function lossOf(operation: Operation): string | null {
  const dropped = detailOf(operation, "drop-object");
  if (dropped !== null) return LOSSES[dropped.object] ?? null;
  const change = detailOf(operation, "switch");
  if (change === null || change.enabled) return null;
  if (change.what === "row-security") return "Every role that may read the table reads all of its rows";
  return LOSSES[change.what] ?? null;
}

export const rule: Rule = {
  id: "dropping-safeguard",
  engines: ALL_ENGINES,
  severity: "warning",
  protects: "Code that is running relies on triggers, rules, policies and events without naming them.",
  check({ operation, effect, phase }) {
    // Where the effect knows who breaks, `breaking-running-code` says more.
    if (phase === "contract" || effect.breaks.some(({ who }) => who === "N-1")) return null;
    const loss = lossOf(operation);
    if (loss === null) return null;
    return {
      message: `${loss}.`,
      help: "Deploy code that does without it first, and take it away in a later release, under `-- zmigrate:phase contract`.",
    };
  },
  bad: [
    { sql: "DROP TRIGGER keep_history ON users;", engines: ["postgres"] },
    { sql: "ALTER TABLE users DISABLE ROW LEVEL SECURITY;", engines: ["postgres"] },
    { sql: "DROP EVENT tidy;", engines: ["mysql", "mariadb"] },
  ],
  good: [
    { sql: "-- zmigrate:phase contract\nDROP TRIGGER keep_history ON users;", engines: ["postgres"] },
    { sql: "CREATE TABLE users (id int);" },
  ],
};
