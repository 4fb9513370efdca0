import type { Operation } from "../src/model/operation.js";
import { MYSQL_ENGINES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

const WITHOUT: ReadonlySet<string> = new Set([
  "myisam",
  "aria",
  "memory",
  "heap",
  "csv",
  "archive",
  "merge",
  "mrg_myisam",
  "blackhole",
]);

function engineOf(operation: Operation): string | null {
  const options =
    operation.kind === "create-table" ? (operation.options ?? []) : [detailOf(operation, "set-table-option")];
  return options.find((one) => one?.option === "ENGINE")?.value ?? null;
}

export const rule: Rule = {
  id: "non-transactional-engine",
  engines: MYSQL_ENGINES,
  severity: "warning",
  aside: true,
  onFreshTables: true,
  protects: "A table without transactions cannot be rolled back, locks as a whole and may lose rows in a crash.",
  check({ operation }) {
    const name = engineOf(operation);
    if (name === null || !WITHOUT.has(name.toLowerCase())) return null;
    return {
      message: `${name} has no transactions: a write locks the whole table, and a batch that fails halfway stays half done.`,
      help: "Use ENGINE=InnoDB.",
    };
  },
  bad: [{ sql: "CREATE TABLE log (id bigint PRIMARY KEY) ENGINE=MyISAM;" }, { sql: "ALTER TABLE log ENGINE=MEMORY;" }],
  good: [{ sql: "CREATE TABLE log (id bigint PRIMARY KEY) ENGINE=InnoDB;" }],
};
