import type { Operation } from "../src/model/operation.js";
import { longLock } from "./locks.js";
import { MYSQL_ENGINES, type Rule } from "./rule.js";
import { isUnderstood } from "./understood.js";

const HELP =
  "Change it so that the server can do it in place (a column at the end, without a position), or run it off-peak and say so with an ignore.";

/** A plain column is added at once by itself, and an index is built beside the traffic: in one statement the table is written anew. */
function splitHelp(siblings: readonly Operation[]): string | null {
  const added = siblings.filter((o) => o.kind === "add-column");
  const plain = added.every(
    ({ column, position }) =>
      position === null && !column.primaryKey && !column.unique && !column.autoIncrement && column.generated === null,
  );
  const others = siblings.filter((o) => o.kind !== "add-column");
  if (added.length === 0 || others.length === 0 || !plain || !others.every((o) => o.kind === "create-index"))
    return null;
  return "Write two statements: ALTER TABLE ... ADD COLUMN ..., ALGORITHM=INSTANT; and behind it the index by itself, which is built beside the traffic. Each leaves the table as it is.";
}

export const rule: Rule = {
  id: "table-rebuild",
  engines: MYSQL_ENGINES,
  severity: "warning",
  fallback: true,
  costs: true,
  protects:
    "A rebuild lets the application go on, but needs the table's size on disk once more and delays replicas by its whole length.",
  check({ operation, effect, engine, siblings }) {
    if (!isUnderstood(operation) || !effect.rewrite || longLock(effect) !== null) return null;
    const [lock] = effect.locks;
    const table = lock === undefined ? "The table" : engine.quoteRelation(lock.relation);
    return {
      message: `${table} is written again beside the traffic: its size on disk once more, and replicas lag by as long as it takes.${effect.fails === null ? "" : ` Besides: ${effect.fails}.`}`,
      help: splitHelp(siblings) ?? HELP,
    };
  },
  bad: [
    { sql: "ALTER TABLE users ADD COLUMN age int FIRST;", engines: ["mysql"], version: "8.0.28" },
    { sql: "ALTER TABLE users ADD COLUMN age int, ADD KEY users_age (age);" },
  ],
  good: [{ sql: "ALTER TABLE users ADD COLUMN age int;" }],
};
