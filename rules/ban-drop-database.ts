import { ALL_ENGINES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

export const rule: Rule = {
  id: "ban-drop-database",
  engines: ALL_ENGINES,
  severity: "error",
  losses: true,
  protects: "DROP DATABASE and DROP SCHEMA ... CASCADE take every table in them at once, without a way back.",
  check({ operation, engine }) {
    const drop = detailOf(operation, "drop-object");
    if (drop === null || (drop.object !== "database" && drop.object !== "schema")) return null;
    // Without CASCADE PostgreSQL drops a schema only when nothing is in it.
    if (drop.object === "schema" && engine.name === "postgres" && !drop.cascade) return null;
    return {
      message: `Everything in the ${drop.object} is gone, and running code that uses it fails.`,
      help: "Drop its tables one by one in migrations under `-- zmigrate:phase contract`, and the empty rest by hand.",
    };
  },
  bad: [{ sql: "DROP DATABASE app;" }, { sql: "DROP SCHEMA app CASCADE;", engines: ["postgres"] }],
  good: [{ sql: "SELECT 1;" }, { sql: "DROP SCHEMA app;", engines: ["postgres"] }],
};
