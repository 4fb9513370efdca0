import { POSTGRES, type Rule } from "./rule.js";

export const rule: Rule = {
  id: "adding-json-field",
  engines: POSTGRES,
  severity: "warning",
  protects:
    "The type json has no equality, so that running queries with DISTINCT, UNION or GROUP BY over all columns fail.",
  check({ operation, engine }) {
    if (operation.kind !== "add-column" || !/^(pg_catalog\.)?"?json"?(\[\])*$/i.test(operation.column.type.trim()))
      return null;
    const table = engine.quoteRelation(operation.relation);
    return {
      message: "json has no equality: a running SELECT DISTINCT *, UNION or GROUP BY over this table fails.",
      help: `Use jsonb: ALTER TABLE ${table} ADD COLUMN ${engine.quote(operation.column.name)} jsonb;`,
    };
  },
  bad: [{ sql: "ALTER TABLE users ADD COLUMN settings json;" }],
  good: [{ sql: "ALTER TABLE users ADD COLUMN settings jsonb;" }],
};
