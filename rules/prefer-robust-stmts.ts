import type { Operation } from "../src/model/operation.js";
import { ALL_ENGINES, MYSQL_ENGINES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

/** What can be said before the name, so that a second run does nothing; null where it is said, or cannot be. */
function missing(operation: Operation, engine: string): "IF NOT EXISTS" | "IF EXISTS" | null {
  if (operation.kind === "create-table") return operation.ifNotExists ? null : "IF NOT EXISTS";
  const columns = engine !== "mysql";
  if (operation.kind === "add-column") return operation.ifNotExists || !columns ? null : "IF NOT EXISTS";
  if (operation.kind === "drop-column") return operation.ifExists || !columns ? null : "IF EXISTS";
  if (operation.kind === "create-index")
    return operation.ifNotExists || operation.name === null || !columns ? null : "IF NOT EXISTS";
  return missingInOther(operation, engine);
}

function missingInOther(operation: Operation, engine: string): "IF EXISTS" | null {
  const table = detailOf(operation, "drop-table");
  if (table !== null) return table.ifExists ? null : "IF EXISTS";
  if (engine === "mysql") return null;
  const dropped = detailOf(operation, "drop-index") ?? detailOf(operation, "drop-constraint");
  return dropped === null || dropped.ifExists ? null : "IF EXISTS";
}

export const rule: Rule = {
  id: "prefer-robust-stmts",
  engines: ALL_ENGINES,
  severity: "info",
  defaultOff: true,
  aside: true,
  onFreshTables: true,
  protects: "A file that stopped halfway cannot be run again where each statement commits by itself.",
  check({ operation, engine, inTransaction }) {
    // What a transaction holds together is undone together; MySQL and MariaDB commit all the same.
    if (inTransaction && !MYSQL_ENGINES.includes(engine.name)) return null;
    const words = missing(operation, engine.name);
    if (words === null) return null;
    return {
      message: "When the file stops behind this statement, a second run stops at it.",
      help: `Say ${words}, or put the file's statements between BEGIN and COMMIT where the database can undo them. zmigrate itself remembers each step, and needs neither.`,
    };
  },
  bad: [{ sql: "CREATE TABLE users (id bigint PRIMARY KEY);" }, { sql: "DROP TABLE users;" }],
  good: [
    { sql: "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY);" },
    { sql: "BEGIN;\nCREATE TABLE users (id bigint PRIMARY KEY);\nCOMMIT;", engines: ["postgres"] },
  ],
};
