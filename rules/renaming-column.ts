import { isRenamedNew, renameIn } from "./renamed-column.js";
import { ALL_ENGINES, type Rule } from "./rule.js";

/** What zmigrate's own phased form renames a column to before it is dropped. */
const PARKED = "zmigrate_dropped_";

export const rule: Rule = {
  id: "renaming-column",
  engines: ALL_ENGINES,
  severity: "error",
  protects: "A rename takes effect for all code at once: whatever still uses the old name fails from that moment on.",
  check(context) {
    const { operation, phase, engine } = context;
    const renamed = renameIn(operation);
    if (renamed === null || phase === "expand" || phase === "backfill" || isRenamedNew(context)) return null;
    if (phase === "contract" && renamed.to.startsWith(PARKED)) return null;
    const from = engine.quote(renamed.from);
    const to = engine.quote(renamed.to);
    return {
      message: `Running code that reads or writes ${from} fails as soon as the column is called ${to}.`,
      help: `Let \`zmigrate plan\` split it: ${to} is added beside ${from}, both are kept equal and ${from} goes when nothing uses it.`,
    };
  },
  bad: [
    { sql: "ALTER TABLE users RENAME COLUMN user_email TO email_address;" },
    { sql: "ALTER TABLE users CHANGE user_email email_address varchar(255);", engines: ["mysql", "mariadb"] },
  ],
  good: [
    { sql: "ALTER TABLE users ADD COLUMN email_address varchar(255);" },
    { sql: "ALTER TABLE users ADD COLUMN a int;\nALTER TABLE users RENAME COLUMN a TO b;" },
    { sql: "CREATE TABLE users (a int);\nALTER TABLE users RENAME COLUMN a TO b;" },
    { sql: "-- zmigrate:phase contract\nALTER TABLE users RENAME COLUMN a TO zmigrate_dropped_a_12345678;" },
  ],
};
