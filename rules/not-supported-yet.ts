import { ALL_ENGINES, type Rule } from "./rule.js";

export const rule: Rule = {
  id: "not-supported-yet",
  engines: ALL_ENGINES,
  severity: "error",
  onFreshTables: true,
  protects: "Silence about a statement that nobody has judged would be taken for consent.",
  check({ operation }) {
    if (operation.kind !== "other" || operation.harmless) return null;
    return {
      message: `This statement (${operation.what}) is parsed, but zmigrate cannot judge or plan it yet.`,
      help: "Check by hand what it locks and which code it breaks, then say so: `-- zmigrate:ignore not-supported-yet -- why it is safe`.",
    };
  },
  bad: [{ sql: "DROP TABLE users;" }, { sql: "UPDATE users SET a = 1;" }],
  good: [{ sql: "SELECT 1;" }, { sql: "CREATE TABLE users (id bigint PRIMARY KEY);" }],
};
