import { ALL_ENGINES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

export const rule: Rule = {
  id: "explicit-lock",
  engines: ALL_ENGINES,
  severity: "warning",
  protects: "A table that is locked by hand stands still until the transaction or the session ends.",
  check({ operation, effect, engine, next }) {
    if (detailOf(operation, "lock-tables") === null) return null;
    // A trigger that is exchanged under it takes a moment, in which no row may be written (MySQL).
    if (engine.name !== "postgres" && next.some((later) => detailOf(later, "drop-object")?.object === "trigger"))
      return null;
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
    {
      sql: "LOCK TABLES users WRITE;\nDROP TRIGGER marks;\nCREATE TRIGGER marks BEFORE INSERT ON users FOR EACH ROW SET NEW.a = 1;\nUNLOCK TABLES;",
      engines: ["mysql"],
    },
  ],
};
