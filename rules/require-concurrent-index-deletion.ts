import { POSTGRES, type Rule } from "./rule.js";
import { fixed, insertBehind } from "./statement-fix.js";
import { detailOf } from "./understood.js";

export const rule: Rule = {
  id: "require-concurrent-index-deletion",
  engines: POSTGRES,
  severity: "error",
  protects: "DROP INDEX takes the table's strongest lock: it waits for every query, and every query waits for it.",
  check(context) {
    const { operation, engine } = context;
    const drop = detailOf(operation, "drop-index");
    if (drop === null || drop.concurrently) return null;
    const index = engine.quoteRelation(drop.index);
    return {
      message: `Dropping ${index} blocks reads and writes of its table, and queues behind the longest transaction on it.`,
      help: `Drop it beside the traffic: DROP INDEX CONCURRENTLY ${index};`,
      ...fixed(drop.cascade ? undefined : insertBehind(context, /^DROP\s+INDEX\b/i, " CONCURRENTLY")),
    };
  },
  bad: [{ sql: "DROP INDEX users_email;" }],
  good: [{ sql: "DROP INDEX CONCURRENTLY users_email;" }],
};
