import { findTable } from "../src/engines/engine.js";
import type { Fix } from "../src/model/finding.js";
import type { RelationName } from "../src/model/name.js";
import type { CreateIndex } from "../src/model/operation.js";
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

/** The index of a partitioned table in parts: each partition's is built beside the traffic (0A000 for the whole). */
function inParts(operation: CreateIndex, partitions: readonly RelationName[], { engine }: RuleContext): string {
  const { relation, definition } = operation;
  const unique = operation.unique ? "UNIQUE " : "";
  const name = operation.name ?? `${relation.name}_idx`;
  const index = engine.quoteRelation({ schema: relation.schema, name });
  const parts = partitions.slice(0, SHOWN).map((partition) => {
    const own = `${partition.name}_${name}`.slice(0, 63);
    const attached = engine.quoteRelation({ schema: partition.schema, name: own });
    return ` CREATE ${unique}INDEX CONCURRENTLY ${engine.quote(own)} ON ${engine.quoteRelation(partition)} ${definition}; ALTER INDEX ${index} ATTACH PARTITION ${attached};`;
  });
  const rest = partitions.length > SHOWN ? ` And so for the other ${partitions.length - SHOWN} partitions.` : "";
  const whole = `CREATE ${unique}INDEX ${engine.quote(name)} ON ONLY ${engine.quoteRelation(relation)} ${definition};`;
  return `PostgreSQL refuses CONCURRENTLY on a partitioned table, so build it partition by partition: ${whole}${parts.join("")}${rest}`;
}

const SHOWN = 3;

function helpOf(operation: CreateIndex, context: RuleContext): string {
  const { engine, catalog } = context;
  const known = findTable(catalog, operation.relation);
  const outside = outsideTransaction(context);
  if (known?.partitions !== undefined && known.partitions.length > 0) {
    return `${outside}${inParts(
      operation,
      known.partitions.map((p) => p.relation),
      context,
    )}`;
  }
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
