import { longLock } from "./locks.js";
import { MYSQL_ENGINES, type Rule } from "./rule.js";
import { isUnderstood } from "./understood.js";

export const rule: Rule = {
  id: "table-rebuild",
  engines: MYSQL_ENGINES,
  severity: "warning",
  fallback: true,
  protects:
    "A rebuild lets the application go on, but needs the table's size on disk once more and delays replicas by its whole length.",
  check({ operation, effect, engine }) {
    if (!isUnderstood(operation) || !effect.rewrite || longLock(effect) !== null) return null;
    const [lock] = effect.locks;
    const table = lock === undefined ? "The table" : engine.quoteRelation(lock.relation);
    return {
      message: `${table} is written again beside the traffic: its size on disk once more, and replicas lag by as long as it takes.${effect.fails === null ? "" : ` Besides: ${effect.fails}.`}`,
      help: "Change it so that the server can do it in place (a column at the end, without a position), or run it off-peak and say so with an ignore.",
    };
  },
  bad: [{ sql: "ALTER TABLE users ADD COLUMN age int FIRST;", engines: ["mysql"], version: "8.0.28" }],
  good: [{ sql: "ALTER TABLE users ADD COLUMN age int;" }],
};
