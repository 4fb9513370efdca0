import { POSTGRES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

export const rule: Rule = {
  id: "ban-drop-not-null",
  engines: POSTGRES,
  severity: "warning",
  protects: "Running code that has never seen NULL in a column meets it as soon as new code writes one.",
  check({ operation, phase, engine }) {
    const change = detailOf(operation, "drop-not-null");
    if (change === null || phase === "contract") return null;
    const column = engine.quote(change.column);
    return {
      message: `${column} may be NULL from now on, and running code that reads it is not prepared for that.`,
      help: `First deploy code that reads NULL in ${column}; then run this under \`-- zmigrate:phase contract\`.`,
    };
  },
  bad: [{ sql: "ALTER TABLE users ALTER COLUMN email DROP NOT NULL;" }],
  good: [
    { sql: "-- zmigrate:phase contract\nALTER TABLE users ALTER COLUMN email DROP NOT NULL;" },
    { sql: "CREATE TABLE users (email text NOT NULL);\nALTER TABLE users ALTER COLUMN email DROP NOT NULL;" },
  ],
};
