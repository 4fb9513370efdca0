import { POSTGRES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

export const rule: Rule = {
  id: "working-under-lock",
  engines: POSTGRES,
  severity: "error",
  aside: true,
  protects:
    "A lock is held until its transaction ends: work behind it keeps everybody waiting for as long as it takes.",
  check({ operation, effect, held, engine }) {
    const [lock] = held;
    if (lock === undefined) return null;
    const data = detailOf(operation, "data-change");
    const reads = detailOf(operation, "query")?.reads ?? [];
    const works =
      effect.scan ||
      effect.rewrite ||
      reads.length > 0 ||
      (data !== null && data.source !== "rows" && data.verb !== "load");
    if (!works) return null;
    const who = lock.blocks === "reads" ? "reads and writes" : "writes";
    return {
      message: `The lock on ${engine.quoteRelation(lock.relation)} (from ${lock.by}) is held until this is done: ${who} of it wait that long.`,
      help: "COMMIT before this statement, so that the lock is released.",
    };
  },
  bad: [
    { sql: "BEGIN;\nALTER TABLE users ADD COLUMN a int;\nUPDATE users SET a = 1;\nCOMMIT;" },
    {
      sql: "BEGIN;\nALTER TABLE users ADD CONSTRAINT c CHECK (a > 0) NOT VALID;\nALTER TABLE users VALIDATE CONSTRAINT c;\nCOMMIT;",
    },
  ],
  good: [
    { sql: "BEGIN;\nALTER TABLE users ADD COLUMN a int;\nCOMMIT;\nSELECT count(*) FROM users;" },
    { sql: "BEGIN;\nALTER TABLE users ADD COLUMN a int;\nINSERT INTO log (what) VALUES ('a');\nCOMMIT;" },
  ],
};
