import type { Rule } from "./rule.js";

export const rule: Rule = {
  id: "instant-with-lock",
  engines: ["mysql"],
  severity: "error",
  onFreshTables: true,
  protects: "MySQL takes no LOCK clause beside ALGORITHM=INSTANT: it refuses the whole statement.",
  check({ operation, siblings }) {
    const execution = operation.execution;
    if (execution?.algorithm !== "INSTANT" || execution.lock === null || execution.lock === "DEFAULT") return null;
    if (siblings[0] !== operation) return null;
    return {
      message: `MySQL refuses ALGORITHM=INSTANT with LOCK=${execution.lock} (1221).`,
      help: "Remove the LOCK clause: an INSTANT change blocks nobody for longer than a moment.",
    };
  },
  bad: [{ sql: "ALTER TABLE users ADD COLUMN age int, ALGORITHM=INSTANT, LOCK=NONE;" }],
  good: [
    { sql: "ALTER TABLE users ADD COLUMN age int, ALGORITHM=INSTANT;" },
    { sql: "ALTER TABLE users ADD INDEX users_age (age), ALGORITHM=INPLACE, LOCK=NONE;" },
  ],
};
