import { ALL_ENGINES, type Rule } from "./rule.js";

/** What zmigrate's own phased form renames a column to before it is dropped. */
const PARKED = "zmigrate_dropped_";

export const rule: Rule = {
  id: "renaming-column",
  engines: ALL_ENGINES,
  severity: "error",
  protects: "A rename takes effect for all code at once: whatever still uses the old name fails from that moment on.",
  check({ operation, phase, engine }) {
    if (operation.kind !== "rename-column" || phase === "expand" || phase === "backfill") return null;
    if (phase === "contract" && operation.to.startsWith(PARKED)) return null;
    const from = engine.quote(operation.from);
    const to = engine.quote(operation.to);
    return {
      message: `Running code that reads or writes ${from} fails as soon as the column is called ${to}.`,
      help: `Let \`zmigrate plan\` split it: ${to} is added beside ${from}, both are kept equal and ${from} goes when nothing uses it.`,
    };
  },
  bad: [{ sql: "ALTER TABLE users RENAME COLUMN user_email TO email_address;" }],
  good: [
    { sql: "ALTER TABLE users ADD COLUMN email_address varchar(255);" },
    { sql: "CREATE TABLE users (a int);\nALTER TABLE users RENAME COLUMN a TO b;" },
    { sql: "-- zmigrate:phase contract\nALTER TABLE users RENAME COLUMN a TO zmigrate_dropped_a_12345678;" },
  ],
};
