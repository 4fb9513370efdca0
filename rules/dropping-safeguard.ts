import type { Operation } from "../src/model/operation.js";
import { droppedOf, firesAsOften, isSwitchedBack, replacementOf } from "./put-back.js";
import { ALL_ENGINES, type Rule, type RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

const LOSSES: Readonly<Record<string, string>> = {
  trigger: "What the trigger did to rows that running code writes no longer happens",
  rule: "What the rule did to statements of running code no longer happens",
  policy: "Roles that saw rows by this policy see none, or see all where it was the last that restricted them",
  event: "What the event did on its schedule no longer happens",
};

/** Nothing is ever missing: it is put back before anybody can look, or the history never had it. */
function isNeverMissing(context: RuleContext): boolean {
  if (isSwitchedBack(context)) return true;
  const before = droppedOf(context);
  if (before === null && detailOf(context.operation, "drop-object")?.ifExists === true) return true;
  const now = replacementOf(context);
  if (now === null) return false;
  return now.trigger === null || before?.trigger === undefined || firesAsOften(now.trigger, before.trigger);
}

/** What running code loses, in words; null where nothing of the kind is taken away. */
function lossOf(operation: Operation): string | null {
  const dropped = detailOf(operation, "drop-object");
  if (dropped !== null) return LOSSES[dropped.object] ?? null;
  const change = detailOf(operation, "switch");
  // ENABLE REPLICA: it fires where changes of another server are applied, and nowhere else.
  if (change === null || (change.enabled && change.firing !== "replica")) return null;
  if (change.what === "row-security") return "Every role that may read the table reads all of its rows";
  return LOSSES[change.what] ?? null;
}

export const rule: Rule = {
  id: "dropping-safeguard",
  engines: ALL_ENGINES,
  severity: "warning",
  losses: true,
  protects: "Code that is running relies on triggers, rules, policies and events without naming them.",
  check(context) {
    const { operation, effect, phase } = context;
    // Where the effect knows who breaks, `breaking-running-code` says more.
    if (phase === "contract" || effect.breaks.some(({ who }) => who === "N-1")) return null;
    const loss = lossOf(operation);
    if (loss === null || isNeverMissing(context)) return null;
    return {
      message: `${loss}.`,
      help: "Deploy code that does without it first, and take it away in a later release, under `-- zmigrate:phase contract`.",
    };
  },
  bad: [
    { sql: "DROP TRIGGER keep_history ON users;", engines: ["postgres"] },
    { sql: "ALTER TABLE users DISABLE ROW LEVEL SECURITY;", engines: ["postgres"] },
    { sql: "ALTER TABLE users ENABLE REPLICA TRIGGER keep_history;", engines: ["postgres"] },
    { sql: "DROP EVENT tidy;", engines: ["mysql", "mariadb"] },
  ],
  good: [
    { sql: "-- zmigrate:phase contract\nDROP TRIGGER keep_history ON users;", engines: ["postgres"] },
    {
      sql: "BEGIN;\nDROP TRIGGER keep_history ON users;\nCREATE TRIGGER keep_history BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION keep_history();\nCOMMIT;",
      engines: ["postgres"],
    },
    { sql: "CREATE TABLE users (id int);" },
  ],
};
