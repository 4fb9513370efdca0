import { POSTGRES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

export const rule: Rule = {
  id: "require-enum-value-ordering",
  engines: POSTGRES,
  severity: "info",
  defaultOff: true,
  aside: true,
  protects: "The place of a value in its enum decides how rows are ordered, and cannot be changed later.",
  check({ operation }) {
    const change = detailOf(operation, "alter-object");
    if (change?.object !== "type" || !change.changes.includes("ADD VALUE")) return null;
    if (change.changes.includes("BEFORE") || change.changes.includes("AFTER")) return null;
    return {
      message: "The value comes behind all others, in ORDER BY and in comparisons.",
      help: "Say where it belongs: ADD VALUE 'new' AFTER 'existing'.",
    };
  },
  bad: [{ sql: "ALTER TYPE mood ADD VALUE 'calm';" }],
  good: [{ sql: "ALTER TYPE mood ADD VALUE 'calm' AFTER 'happy';" }],
};
