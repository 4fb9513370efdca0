import { commitsItself, isAutocommitOff } from "./commits-itself.js";
import { MYSQL_ENGINES, type Rule } from "./rule.js";

export const rule: Rule = {
  id: "implicit-commit",
  engines: MYSQL_ENGINES,
  severity: "warning",
  aside: true,
  onFreshTables: true,
  protects: "MySQL and MariaDB commit before each change of the schema: a transaction around it protects nothing.",
  check({ operation, inTransaction, settings }) {
    if (!inTransaction) return null;
    if (!commitsItself(operation)) return null;
    return {
      message: "This commits what the transaction has done so far, and ROLLBACK undoes neither that nor this.",
      help: `Remove ${isAutocommitOff(settings) ? "SET autocommit" : "BEGIN and COMMIT"}, and put each change of the schema into a file of its own.`,
    };
  },
  bad: [{ sql: "BEGIN;\nALTER TABLE users ADD COLUMN age int;\nCOMMIT;" }],
  good: [
    { sql: "BEGIN;\nINSERT INTO users (id) VALUES (1);\nCOMMIT;" },
    { sql: "ALTER TABLE users ADD COLUMN age int;" },
  ],
};
