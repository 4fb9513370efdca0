import { isBoundedByKey } from "./bounded-by-key.js";
import { MYSQL_ENGINES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

export const rule: Rule = {
  id: "limit-without-order",
  engines: MYSQL_ENGINES,
  severity: "info",
  aside: true,
  protects: "Which rows a LIMIT without ORDER BY takes is another question on each server, replicas among them.",
  check({ operation, catalog }) {
    const change = detailOf(operation, "data-change");
    if (change === null || !change.limited || change.ordered || (change.verb !== "update" && change.verb !== "delete"))
      return null;
    if (isBoundedByKey(change, catalog)) return null;
    return {
      message:
        "Which rows it takes is left to the server, and each batch reads again what the batches before have done (1592 under statement replication).",
      help: "Go by ranges of the primary key: WHERE id > ... AND id <= ..., or add ORDER BY the primary key.",
    };
  },
  bad: [{ sql: "UPDATE users SET age = 0 WHERE age IS NULL LIMIT 100;" }],
  good: [{ sql: "UPDATE users SET age = 0 WHERE age IS NULL ORDER BY id LIMIT 100;" }],
};
