import { isOff } from "./commits-itself.js";
import { ALL_ENGINES, type Rule, type RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

/** SET autocommit = 0, and rows are written behind the last COMMIT of the file. */
function losesRows({ operation, engine, writesBehindCommit }: RuleContext): boolean {
  const settings = detailOf(operation, "set-variables")?.settings ?? [];
  const off = settings.some((s) => s.name === "autocommit" && s.scope === "session" && isOff(s.value ?? "1"));
  return off && writesBehindCommit && engine.name !== "postgres";
}

export const rule: Rule = {
  id: "ban-uncommitted-transaction",
  engines: ALL_ENGINES,
  severity: "error",
  onFreshTables: true,
  protects: "A transaction without COMMIT is undone when the connection closes, or keeps its locks until then.",
  check(context) {
    const { operation, lastTransaction, inTransaction, inMessage } = context;
    if (losesRows(context)) {
      return {
        message:
          "The file never commits what it writes behind its last COMMIT, which begins a transaction: it is lost.",
        help: "Write COMMIT; at the end, or leave SET autocommit out.",
      };
    }
    const action = detailOf(operation, "transaction")?.action;
    if (action === "prepare" && lastTransaction) {
      return {
        message: "The file never ends this prepared transaction: its locks are held on after the connection is closed.",
        help: "Write COMMIT in its place.",
      };
    }
    if (action !== "begin" || !lastTransaction || (inTransaction && !inMessage)) return null;
    return {
      message: "The file never commits this transaction: its changes are lost, and its locks are held until then.",
      help: "Write COMMIT; at the end.",
    };
  },
  bad: [
    { sql: "BEGIN;\nINSERT INTO users (id) VALUES (1);" },
    { sql: "SET autocommit = 0;\nINSERT INTO users (id) VALUES (1);", engines: ["mysql", "mariadb"] },
  ],
  good: [{ sql: "BEGIN;\nINSERT INTO users (id) VALUES (1);\nCOMMIT;" }, { sql: "INSERT INTO users (id) VALUES (1);" }],
};
