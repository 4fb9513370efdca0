import { ALL_ENGINES, type Rule } from "./rule.js";
import { isUnderstood } from "./understood.js";

export const rule: Rule = {
  id: "not-supported-yet",
  engines: ALL_ENGINES,
  severity: "error",
  onFreshTables: true,
  protects: "Silence about a statement that nobody has judged would be taken for consent.",
  check({ operation }) {
    if (operation.kind !== "other" || operation.harmless || isUnderstood(operation)) return null;
    return {
      message: `What this statement (${operation.what}) does cannot be told from its text.`,
      help: "Check by hand what it locks and which code it breaks, then say so: `-- zmigrate:ignore not-supported-yet -- why it is safe`.",
    };
  },
  bad: [{ sql: "DO $$ BEGIN EXECUTE x; END $$;", engines: ["postgres"] }, { sql: "CALL tidy();" }],
  good: [{ sql: "SELECT 1;" }, { sql: "CREATE TABLE users (id bigint PRIMARY KEY);" }],
};
