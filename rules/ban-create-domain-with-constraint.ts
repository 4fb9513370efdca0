import { POSTGRES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

export const rule: Rule = {
  id: "ban-create-domain-with-constraint",
  engines: POSTGRES,
  severity: "info",
  protects: "A column of a domain with a condition makes PostgreSQL write its table again when it is added.",
  check({ operation, engine }) {
    const created = detailOf(operation, "create-object");
    if (created?.type?.kind !== "domain" || !created.type.constrained || created.name === null) return null;
    return {
      message: `Adding a column of ${engine.quoteRelation(created.name)} to a table writes the whole table again, and a later change of its condition reads every table that uses it.`,
      help: `Use ${created.type.base ?? "the base type"} for the columns, and a CHECK on each table.`,
    };
  },
  bad: [{ sql: "CREATE DOMAIN positive AS int CHECK (VALUE > 0);" }],
  good: [{ sql: "CREATE DOMAIN label AS text;" }],
};
