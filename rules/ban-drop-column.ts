import { ALL_ENGINES, type Rule } from "./rule.js";

export const rule: Rule = {
  id: "ban-drop-column",
  engines: ALL_ENGINES,
  severity: "error",
  losses: true,
  protects: "A dropped column takes its data with it, and running code that still names it fails.",
  check({ operation, phase, engine, effect }) {
    if (operation.kind !== "drop-column" || phase !== null) return null;
    // IF EXISTS of a column that the table, as files made it, does not have.
    if (operation.ifExists && !effect.destroys) return null;
    const column = engine.quote(operation.column);
    const cascade = operation.cascade ? " CASCADE also drops what depends on it." : "";
    return {
      message: `Running code that names ${column} fails, and its data is gone.${cascade}`,
      help: `Let \`zmigrate plan\` split it: ${column} is parked under another name, and dropped when nothing uses it. By hand: put the statement into a file of its own under \`-- zmigrate:phase contract\`.`,
    };
  },
  bad: [{ sql: "ALTER TABLE users DROP COLUMN nickname;" }],
  good: [
    {
      sql: "CREATE TABLE IF NOT EXISTS users (id int);\nALTER TABLE users DROP COLUMN IF EXISTS nickname;",
      engines: ["postgres", "mariadb"],
    },
    { sql: "-- zmigrate:phase contract\nALTER TABLE users DROP COLUMN nickname;" },
    { sql: "CREATE TABLE users (a int, b int);\nALTER TABLE users DROP COLUMN b;" },
  ],
};
