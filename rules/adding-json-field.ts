import { POSTGRES, type Rule } from "./rule.js";

const WITHOUT_EQUALITY = /^(?:pg_catalog\.)?"?(json|jsonpath|xml|point|line|lseg|box|path|polygon|circle)"?(?:\[\])*$/i;

export const rule: Rule = {
  id: "adding-json-field",
  engines: POSTGRES,
  severity: "warning",
  protects:
    "The types json and xml, and those of points and shapes, have no equality, so that running queries with DISTINCT, UNION or GROUP BY over all columns fail.",
  check({ operation, engine }) {
    const type = operation.kind === "add-column" ? WITHOUT_EQUALITY.exec(operation.column.type.trim())?.[1] : undefined;
    if (operation.kind !== "add-column" || type === undefined) return null;
    const table = engine.quoteRelation(operation.relation);
    const message = `${type} has no equality: a running SELECT DISTINCT *, UNION or GROUP BY over this table fails.`;
    if (type.toLowerCase() !== "json")
      return { message, help: "Name the columns in such queries first; or put it into a table of its own." };
    return {
      message,
      help: `Use jsonb: ALTER TABLE ${table} ADD COLUMN ${engine.quote(operation.column.name)} jsonb;`,
    };
  },
  bad: [{ sql: "ALTER TABLE users ADD COLUMN settings json;" }, { sql: "ALTER TABLE users ADD COLUMN place point;" }],
  good: [{ sql: "ALTER TABLE users ADD COLUMN settings jsonb;" }],
};
