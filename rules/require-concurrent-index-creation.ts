import type { Fix } from "../src/model/finding.js";
import { longLock } from "./locks.js";
import { POSTGRES, type Rule, type RuleContext } from "./rule.js";
import { fixed, insertBehind } from "./statement-fix.js";

/** PostgreSQL refuses CONCURRENTLY on a partitioned table. */
function fixOf(context: RuleContext): Fix | undefined {
  const { operation, catalog } = context;
  if (operation.kind !== "create-index" || operation.only) return undefined;
  const { name } = operation.relation;
  if (catalog.tables.some((table) => table.relation.name === name && table.partitioned)) return undefined;
  return insertBehind(context, /^CREATE\s+(?:UNIQUE\s+)?INDEX\b/i, " CONCURRENTLY");
}

export const rule: Rule = {
  id: "require-concurrent-index-creation",
  engines: POSTGRES,
  severity: "error",
  protects: "CREATE INDEX blocks every write to the table until the index is built.",
  check(context) {
    const { operation, effect, engine } = context;
    if (operation.kind !== "create-index" || operation.concurrently) return null;
    const lock = longLock(effect);
    if (lock === null) return null;
    const unique = operation.unique ? "UNIQUE " : "";
    const name = operation.name === null ? "" : `${engine.quote(operation.name)} `;
    const table = engine.quoteRelation(operation.relation);
    return {
      message: `Writes to ${table} wait until the index is built (${lock.mode}).`,
      help: `Build it beside the traffic: CREATE ${unique}INDEX CONCURRENTLY ${name}ON ${table} ${operation.definition};`,
      ...fixed(fixOf(context)),
    };
  },
  bad: [{ sql: "CREATE INDEX users_email ON users (email);" }],
  good: [
    { sql: "CREATE INDEX CONCURRENTLY users_email ON users (email);" },
    { sql: "CREATE TABLE users (email text);\nCREATE INDEX users_email ON users (email);" },
  ],
};
