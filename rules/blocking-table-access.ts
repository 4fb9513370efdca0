import { breakageOf } from "./breakage.js";
import { blockedBy, longLock } from "./locks.js";
import { ALL_ENGINES, type Rule } from "./rule.js";
import { detailOf, isUnderstood } from "./understood.js";

const DOING = {
  scan: "every row is read",
  rewrite: "the table is written again",
  build: "the index is built",
  brief: "",
};

export const rule: Rule = {
  id: "blocking-table-access",
  engines: ALL_ENGINES,
  severity: "error",
  fallback: true,
  protects: "A lock that is held for as long as the table is large stops the application for that long.",
  check(context) {
    const { operation, effect, engine } = context;
    const lock = isUnderstood(operation) ? longLock(effect) : null;
    // Nobody writes to a materialized view, and its readers go on.
    if (lock === null || detailOf(operation, "refresh-view")?.concurrently === true) return null;
    const table = engine.quoteRelation(lock.relation);
    const besides = [breakageOf(context), effect.fails].filter((why) => why !== null);
    const also = besides.length === 0 ? "" : ` Besides: ${besides.join("; ")}.`;
    return {
      message: `All ${blockedBy(lock)} of ${table} wait while ${DOING[lock.held]} (${lock.mode}).${also}`,
      help: "Split the change so that each statement holds its lock briefly, or run it when the table may stand still, and say so with an ignore.",
    };
  },
  bad: [{ sql: "CREATE FULLTEXT INDEX users_bio ON users (bio);", engines: ["mysql", "mariadb"] }],
  good: [
    { sql: "ALTER TABLE users ADD COLUMN age int;" },
    { sql: "REFRESH MATERIALIZED VIEW CONCURRENTLY totals;", engines: ["postgres"] },
    { sql: "CREATE INDEX users_email ON users (email);", engines: ["mysql", "mariadb"] },
  ],
};
