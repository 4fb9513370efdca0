import { blockedBy, longLock } from "./locks.js";
import { ALL_ENGINES, type Rule } from "./rule.js";

export const rule: Rule = {
  id: "disallowed-unique-constraint",
  engines: ALL_ENGINES,
  severity: "error",
  protects:
    "UNIQUE in a column's definition builds its index inside the statement that holds the column's strong lock.",
  check({ operation, effect, engine }) {
    if (operation.kind !== "add-column" || !operation.column.unique || operation.column.primaryKey) return null;
    const lock = longLock(effect);
    const how = lock === null ? "and the table is written again" : `while ${blockedBy(lock)} wait (${lock.mode})`;
    const table = engine.quoteRelation(operation.relation);
    const index = engine.name === "postgres" ? "CREATE UNIQUE INDEX CONCURRENTLY" : "CREATE UNIQUE INDEX";
    return {
      message: `The index of the UNIQUE constraint is built in the same statement, ${how}.`,
      help: `Add the column alone, then: ${index} ... ON ${table} (${engine.quote(operation.column.name)});`,
    };
  },
  bad: [{ sql: "ALTER TABLE users ADD COLUMN n bigint UNIQUE;" }],
  good: [
    { sql: "ALTER TABLE users ADD COLUMN n bigint;" },
    { sql: "CREATE UNIQUE INDEX CONCURRENTLY users_n ON users (n);", engines: ["postgres"] },
  ],
};
