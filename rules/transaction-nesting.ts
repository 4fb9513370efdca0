import { POSTGRES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

const ENDS: ReadonlySet<string> = new Set(["commit", "rollback"]);

export const rule: Rule = {
  id: "transaction-nesting",
  engines: POSTGRES,
  severity: "warning",
  onFreshTables: true,
  protects: "A second BEGIN begins nothing, so that the first COMMIT ends more than its author thinks.",
  check({ operation, inTransaction, inMessage }) {
    const change = detailOf(operation, "transaction");
    if (change === null) return null;
    if (change.action === "begin" && inTransaction && !inMessage) {
      return {
        message: "A transaction is open already: this BEGIN does nothing, and the next COMMIT ends the outer one.",
        help: "Remove this BEGIN and its COMMIT, or use SAVEPOINT.",
      };
    }
    if (!ENDS.has(change.action) || change.distributed || inTransaction) return null;
    return {
      message: "No transaction is open here: this ends nothing, and what stands before it was committed one by one.",
      help: "Put BEGIN before the statements that belong together, or remove this.",
    };
  },
  bad: [{ sql: "BEGIN;\nBEGIN;\nSELECT 1;\nCOMMIT;" }, { sql: "SELECT 1;\nCOMMIT;" }],
  good: [{ sql: "BEGIN;\nSELECT 1;\nCOMMIT;\nBEGIN;\nSAVEPOINT s;\nROLLBACK TO s;\nCOMMIT;" }],
};
