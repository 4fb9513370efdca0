import { longLock } from "./locks.js";
import { refusedForeignKey } from "./mysql-refused-foreign-key.js";
import { refusedByNeed } from "./refused-by-need.js";
import { ALL_ENGINES, type Rule } from "./rule.js";
import { detailOf, isUnderstood } from "./understood.js";

/** The server says no whatever the rows are. */
const isRefused = (why: string): boolean => /\(42(?:601|P17)\)$/.test(why);

export const rule: Rule = {
  id: "failing-statement",
  engines: ALL_ENGINES,
  severity: "warning",
  fallback: true,
  protects: "A statement that fails in the middle of a deploy leaves the schema between two versions.",
  check(context) {
    const { operation, effect } = context;
    if (!isUnderstood(operation) || effect.fails === null) return null;
    // `adding-unique-index` and `table-rebuild` say it.
    if ((operation.kind === "create-index" && operation.unique && !isRefused(effect.fails)) || effect.rewrite)
      return null;
    // `contradicting-history` says it.
    if (refusedByNeed(context) !== null || refusedForeignKey(context) !== null) return null;
    // The server says no at once, before it has locked or changed anything.
    if (detailOf(operation, "add-partition") !== null) return null;
    const blocks = longLock(effect) !== null;
    const breaks = effect.destroys || effect.breaks.some((breakage) => breakage.who === "N-1");
    return blocks || breaks
      ? null
      : {
          message: `This statement can fail: ${effect.fails}.`,
          help: "Look for what fails it before the deploy, and correct that in a migration of its own.",
        };
  },
  bad: [
    { sql: "CREATE INDEX CONCURRENTLY i ON users (mail) WHERE seen > now();", engines: ["postgres"] },
    { sql: "CREATE UNIQUE INDEX CONCURRENTLY i ON users (concat(a, b));", engines: ["postgres"] },
    { sql: "ALTER TABLE users ADD INDEX users_age (age), ALGORITHM=INSTANT;", engines: ["mysql"] },
  ],
  good: [
    { sql: "CREATE INDEX CONCURRENTLY i ON users (lower(mail)) WHERE seen > '2020-01-01';", engines: ["postgres"] },
    { sql: "ALTER TABLE events ADD PARTITION (PARTITION p9 VALUES LESS THAN (10));", engines: ["mysql", "mariadb"] },
    { sql: "ALTER TABLE users ADD COLUMN age int;" },
  ],
};
