import { findTable } from "../src/engines/engine.js";
import type { Fix } from "../src/model/finding.js";
import type { CreateIndex } from "../src/model/operation.js";
import { indexInParts, partitionsOf } from "./in-parts.js";
import { longLock } from "./locks.js";
import { outsideTransaction } from "./outside-transaction.js";
import { POSTGRES, type Rule, type RuleContext } from "./rule.js";
import { fixed, insertBehind } from "./statement-fix.js";

/** PostgreSQL refuses CONCURRENTLY on a partitioned table. */
function fixOf(context: RuleContext): Fix | undefined {
  const { operation, catalog } = context;
  if (operation.kind !== "create-index" || operation.only) return undefined;
  if (findTable(catalog, operation.relation)?.partitioned === true) return undefined;
  return insertBehind(context, /^CREATE\s+(?:UNIQUE\s+)?INDEX\b/i, " CONCURRENTLY");
}

function helpOf(operation: CreateIndex, context: RuleContext): string {
  const { engine } = context;
  const outside = outsideTransaction(context);
  if (partitionsOf(operation.relation, context).length > 0) return `${outside}${indexInParts(operation, context)}`;
  const unique = operation.unique ? "UNIQUE " : "";
  const name = operation.name === null ? "" : `${engine.quote(operation.name)} `;
  const table = engine.quoteRelation(operation.relation);
  return `${outside}Build it beside the traffic: CREATE ${unique}INDEX CONCURRENTLY ${name}ON ${table} ${operation.definition};`;
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
    const table = engine.quoteRelation(operation.relation);
    return {
      message: `Writes to ${table} wait until the index is built (${lock.mode}).`,
      help: helpOf(operation, context),
      ...fixed(fixOf(context)),
    };
  },
  bad: [{ sql: "CREATE INDEX users_email ON users (email);" }],
  good: [
    { sql: "CREATE INDEX CONCURRENTLY users_email ON users (email);" },
    { sql: "CREATE TABLE users (email text);\nCREATE INDEX users_email ON users (email);" },
    {
      sql: "CREATE MATERIALIZED VIEW totals AS SELECT day FROM events;\nCOMMIT;\nCREATE INDEX totals_day ON totals (day);",
    },
  ],
};
