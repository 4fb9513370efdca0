import { POSTGRES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

export const rule: Rule = {
  id: "ban-alter-domain-with-add-constraint",
  engines: POSTGRES,
  severity: "error",
  protects: "A new condition on a domain reads every table that has a column of it, while nobody can write to them.",
  check({ operation, engine }) {
    const change = detailOf(operation, "alter-object");
    if (change === null || change.object !== "domain" || change.name === null) return null;
    const { changes } = change;
    const adds = changes.includes("ADD CONSTRAINT") && !changes.includes("NOT VALID");
    if (!adds && !changes.includes("SET NOT NULL")) return null;
    const domain = engine.quoteRelation(change.name);
    return {
      message: `Every table with a column of ${domain} is read from end to end, and writes to all of them wait; one value that violates it fails the statement.`,
      help: `In two transactions: ALTER DOMAIN ${domain} ADD CONSTRAINT ... CHECK (...) NOT VALID; ALTER DOMAIN ${domain} VALIDATE CONSTRAINT ...;`,
    };
  },
  bad: [
    { sql: "ALTER DOMAIN positive ADD CONSTRAINT more CHECK (VALUE > 0);" },
    { sql: "ALTER DOMAIN positive SET NOT NULL;" },
  ],
  good: [
    { sql: "ALTER DOMAIN positive ADD CONSTRAINT more CHECK (VALUE > 0) NOT VALID;" },
    { sql: "ALTER DOMAIN positive SET DEFAULT 1;" },
  ],
};
