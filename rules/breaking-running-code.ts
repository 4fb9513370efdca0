import { ALL_ENGINES, type Rule } from "./rule.js";
import { isUnderstood } from "./understood.js";

export const rule: Rule = {
  id: "breaking-running-code",
  engines: ALL_ENGINES,
  severity: "error",
  fallback: true,
  protects: "Old code runs until the deploy is over: what breaks it, loses data or fails on data is an outage.",
  check({ operation, effect, phase }) {
    if (!isUnderstood(operation) || phase === "contract") return null;
    const broken = effect.breaks.find((breakage) => breakage.who === "N-1");
    const why = broken?.why ?? effect.fails ?? (effect.destroys ? "it destroys data" : null);
    if (why === null) return null;
    return {
      message: `Running code or the statement itself fails: ${why}.`,
      help: "Let `zmigrate plan` split it, or change it so that old code survives, and say so with an ignore.",
    };
  },
  bad: [{ sql: "ALTER TABLE users ADD COLUMN document xml;", engines: ["postgres"] }],
  good: [{ sql: "ALTER TABLE users ADD COLUMN age int;" }, { sql: "CREATE TABLE users (id bigint PRIMARY KEY);" }],
};
