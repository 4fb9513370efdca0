import { ALL_ENGINES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

export const rule: Rule = {
  id: "ban-uncommitted-transaction",
  engines: ALL_ENGINES,
  severity: "error",
  onFreshTables: true,
  protects: "A transaction without COMMIT is undone when the connection closes, or keeps its locks until then.",
  check({ operation, lastTransaction, inTransaction }) {
    const action = detailOf(operation, "transaction")?.action;
    if (action === "prepare" && lastTransaction) {
      return {
        message: "The file never ends this prepared transaction: its locks are held on after the connection is closed.",
        help: "Write COMMIT in its place.",
      };
    }
    if (action !== "begin" || !lastTransaction || inTransaction) return null;
    return {
      message: "The file never commits this transaction: its changes are lost, and its locks are held until then.",
      help: "Write COMMIT; at the end.",
    };
  },
  bad: [{ sql: "BEGIN;\nINSERT INTO users (id) VALUES (1);" }],
  good: [{ sql: "BEGIN;\nINSERT INTO users (id) VALUES (1);\nCOMMIT;" }, { sql: "INSERT INTO users (id) VALUES (1);" }],
};
