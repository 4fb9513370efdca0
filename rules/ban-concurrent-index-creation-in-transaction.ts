import { POSTGRES, type Rule } from "./rule.js";

export const rule: Rule = {
  id: "ban-concurrent-index-creation-in-transaction",
  engines: POSTGRES,
  severity: "error",
  onFreshTables: true,
  protects: "PostgreSQL refuses CREATE INDEX CONCURRENTLY inside a transaction block.",
  check({ operation, inTransaction, inMessage, withoutTransaction }) {
    if (operation.kind !== "create-index" || !operation.concurrently || !inTransaction) return null;
    if (inMessage) {
      return {
        message:
          "CREATE INDEX CONCURRENTLY fails in one message with other statements (25001), also behind their COMMIT: the tool sends the whole file as one.",
        help: "Put the statement into a file of its own, with nothing beside it.",
      };
    }
    return {
      message: "CREATE INDEX CONCURRENTLY fails inside a transaction block.",
      help:
        withoutTransaction === null
          ? "Remove BEGIN and COMMIT from the file; where a tool runs the file in a transaction, put the statement into a file of its own that it runs without one."
          : `Put the statement into a file of its own, without BEGIN and COMMIT, and ${withoutTransaction}.`,
    };
  },
  bad: [{ sql: "BEGIN;\nCREATE INDEX CONCURRENTLY users_email ON users (email);\nCOMMIT;" }],
  good: [
    { sql: "CREATE INDEX CONCURRENTLY users_email ON users (email);" },
    { sql: "BEGIN;\nSELECT 1;\nCOMMIT;\nCREATE INDEX CONCURRENTLY users_email ON users (email);" },
  ],
};
