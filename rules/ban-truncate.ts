import { ALL_ENGINES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

export const rule: Rule = {
  id: "ban-truncate",
  engines: ALL_ENGINES,
  severity: "error",
  protects: "TRUNCATE takes every row of a table in use, and holds its strongest lock while it does.",
  check({ operation, phase, engine }) {
    const truncate = detailOf(operation, "truncate");
    // CASCADE has a rule of its own, which says this too.
    if (truncate === null || truncate.cascade || operation.relation === null || phase === "contract") return null;
    const table = engine.quoteRelation(operation.relation);
    return {
      message: `All rows of ${table} are gone.`,
      help: `Delete in batches what is not needed, or empty it under \`-- zmigrate:phase contract\` when nothing uses ${table}.`,
    };
  },
  bad: [{ sql: "TRUNCATE TABLE users;" }],
  good: [{ sql: "CREATE TABLE users (id int);\nTRUNCATE TABLE users;" }],
};
