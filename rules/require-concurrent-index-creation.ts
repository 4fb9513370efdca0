import { longLock } from "./locks.js";
import { POSTGRES, type Rule } from "./rule.js";

export const rule: Rule = {
  id: "require-concurrent-index-creation",
  engines: POSTGRES,
  severity: "error",
  protects: "CREATE INDEX blocks every write to the table until the index is built.",
  check({ operation, effect, engine }) {
    if (operation.kind !== "create-index" || operation.concurrently) return null;
    const lock = longLock(effect);
    if (lock === null) return null;
    const unique = operation.unique ? "UNIQUE " : "";
    const name = operation.name === null ? "" : `${engine.quote(operation.name)} `;
    const table = engine.quoteRelation(operation.relation);
    return {
      message: `Writes to ${table} wait until the index is built (${lock.mode}).`,
      help: `Build it beside the traffic: CREATE ${unique}INDEX CONCURRENTLY ${name}ON ${table} ${operation.definition};`,
    };
  },
  bad: [{ sql: "CREATE INDEX users_email ON users (email);" }],
  good: [
    { sql: "CREATE INDEX CONCURRENTLY users_email ON users (email);" },
    { sql: "CREATE TABLE users (email text);\nCREATE INDEX users_email ON users (email);" },
  ],
};
