import { tableOfIndex } from "../src/engines/table-lookup.js";
import type { Fix } from "../src/model/finding.js";
import { outsideTransaction } from "./outside-transaction.js";
import { POSTGRES, type Rule, type RuleContext } from "./rule.js";
import { fixed, insertBehind, replaced } from "./statement-fix.js";
import { detailOf } from "./understood.js";

/** CONCURRENTLY takes one index: of several each gets a statement of its own, which the first one's fix writes. */
function fixOf(context: RuleContext): Fix | undefined {
  const { operation, siblings, engine, catalog, oneMessage } = context;
  if (siblings.length === 1) return insertBehind(context, /^DROP\s+INDEX\b/i, " CONCURRENTLY");
  const drops = siblings.flatMap((one) => detailOf(one, "drop-index") ?? []);
  const isParted = drops.some(({ index }) => tableOfIndex(catalog, index)?.partitioned === true);
  if (operation !== siblings[0] || drops.length !== siblings.length || isParted || oneMessage) return undefined;
  return replaced(
    context,
    drops
      .map(
        ({ ifExists, index }) =>
          `DROP INDEX CONCURRENTLY${ifExists ? " IF EXISTS" : ""} ${engine.quoteRelation(index)}`,
      )
      .join(";\n"),
  );
}

export const rule: Rule = {
  id: "require-concurrent-index-deletion",
  engines: POSTGRES,
  severity: "error",
  protects: "DROP INDEX takes the table's strongest lock: it waits for every query, and every query waits for it.",
  check(context) {
    const { operation, effect, engine, catalog } = context;
    const drop = detailOf(operation, "drop-index");
    // Without a lock that others wait for it is an index of a table that nobody knows yet, or none at all.
    if (drop === null || drop.concurrently || effect.locks.length === 0) return null;
    const index = engine.quoteRelation(drop.index);
    const guard = drop.ifExists ? " IF EXISTS" : "";
    if (tableOfIndex(catalog, drop.index)?.partitioned === true)
      return {
        message: `Dropping ${index} blocks reads and writes of its table and of all partitions, and queues behind the longest transaction on them. An index of a partitioned table takes no CONCURRENTLY (0A000).`,
        help: "Keep the lock short: SET LOCAL lock_timeout = '2s'; in front of it, and try again when it is cancelled; or run it when the table may stand still.",
      };
    return {
      message: `Dropping ${index} blocks reads and writes of its table, and queues behind the longest transaction on it.`,
      help: `${outsideTransaction(context)}Drop it beside the traffic: DROP INDEX CONCURRENTLY${guard} ${index};`,
      ...fixed(drop.cascade ? undefined : fixOf(context)),
    };
  },
  bad: [{ sql: "DROP INDEX users_email;" }],
  good: [
    { sql: "DROP INDEX CONCURRENTLY users_email;" },
    { sql: "CREATE TABLE users (email text);\nCREATE INDEX users_email ON users (email);\nDROP INDEX users_email;" },
  ],
};
