import type { Operation } from "../src/model/operation.js";
import { ALL_ENGINES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

/** What zmigrate's own phased form renames a column to before it is dropped. */
const PARKED = "zmigrate_dropped_";

interface Renamed {
  readonly from: string;
  readonly to: string;
}

/** RENAME COLUMN, and MySQL's CHANGE to another name, whatever else it changes. */
function renameIn(operation: Operation): Renamed | null {
  if (operation.kind === "rename-column") return operation;
  const changed = detailOf(operation, "modify-column");
  if (changed === null) return detailOf(operation, "rename-column-if-exists");
  const { column: from, definition } = changed;
  return definition.name.toLowerCase() === from.toLowerCase() ? null : { from, to: definition.name };
}

export const rule: Rule = {
  id: "renaming-column",
  engines: ALL_ENGINES,
  severity: "error",
  protects: "A rename takes effect for all code at once: whatever still uses the old name fails from that moment on.",
  check({ operation, phase, engine }) {
    const renamed = renameIn(operation);
    if (renamed === null || phase === "expand" || phase === "backfill") return null;
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
    { sql: "CREATE TABLE users (a int);\nALTER TABLE users RENAME COLUMN a TO b;" },
    { sql: "-- zmigrate:phase contract\nALTER TABLE users RENAME COLUMN a TO zmigrate_dropped_a_12345678;" },
  ],
};
