import { ALL_ENGINES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

export const rule: Rule = {
  id: "explicit-lock",
  engines: ALL_ENGINES,
  severity: "warning",
  protects: "A table that is locked by hand stands still until the transaction or the session ends.",
  check({ operation, effect, engine }) {
    if (detailOf(operation, "lock-tables") === null) return null;
    const lock =
      effect.locks.find(({ blocks }) => blocks === "reads") ?? effect.locks.find(({ blocks }) => blocks === "writes");
    if (lock === undefined) return null;
    const who = lock.blocks === "reads" ? "reads and writes" : "writes";
    const until = engine.name === "postgres" ? "the transaction ends" : "UNLOCK TABLES";
    return {
      message: `All ${who} of ${engine.quoteRelation(lock.relation)} wait from here until ${until}.`,
      help: "Leave the lock to the statement that needs it; zmigrate gives each a short wait and tries again.",
    };
  },
  bad: [
    { sql: "BEGIN;\nLOCK TABLE users IN ACCESS EXCLUSIVE MODE;\nCOMMIT;", engines: ["postgres"] },
    { sql: "LOCK TABLES users WRITE;\nUNLOCK TABLES;", engines: ["mysql", "mariadb"] },
  ],
  good: [
    { sql: "BEGIN;\nLOCK TABLE users IN ACCESS SHARE MODE;\nCOMMIT;", engines: ["postgres"] },
    { sql: "SELECT 1;" },
  ],
};
