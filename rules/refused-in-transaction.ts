import { POSTGRES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

export const rule: Rule = {
  id: "refused-in-transaction",
  engines: POSTGRES,
  severity: "error",
  onFreshTables: true,
  protects: "PostgreSQL refuses what commits by itself (CONCURRENTLY, VACUUM, CREATE DATABASE) inside a transaction.",
  check({ operation, effect, inTransaction }) {
    // CREATE INDEX CONCURRENTLY has squawk's rule.
    if (!inTransaction || effect.transaction !== "never" || operation.kind === "create-index") return null;
    const block = detailOf(operation, "opaque") !== null;
    return {
      message: block
        ? "PostgreSQL refuses COMMIT and ROLLBACK in a block that stands inside a transaction (2D000), and the transaction is lost."
        : "PostgreSQL refuses this statement inside a transaction (25001), and the transaction is lost.",
      help: "COMMIT before it, and BEGIN again behind it where the rest needs a transaction.",
    };
  },
  bad: [
    { sql: "BEGIN;\nDROP INDEX CONCURRENTLY users_email;\nCOMMIT;" },
    { sql: "BEGIN;\nREINDEX INDEX CONCURRENTLY users_email;\nCOMMIT;" },
    { sql: "BEGIN;\nALTER TABLE events DETACH PARTITION events_2020 CONCURRENTLY;\nCOMMIT;" },
    { sql: "BEGIN;\nVACUUM users;\nCOMMIT;" },
    { sql: "BEGIN;\nCREATE DATABASE reports;\nCOMMIT;" },
    { sql: "BEGIN;\nDO $$ BEGIN INSERT INTO log VALUES (1); COMMIT; END $$;\nCOMMIT;" },
  ],
  good: [
    { sql: "DROP INDEX CONCURRENTLY users_email;" },
    { sql: "BEGIN;\nSELECT 1;\nCOMMIT;\nVACUUM users;" },
    { sql: "BEGIN;\nANALYZE users;\nCOMMIT;" },
    { sql: "DO $$ BEGIN INSERT INTO log VALUES (1); COMMIT; END $$;" },
  ],
};
