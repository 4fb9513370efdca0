import { ALL_ENGINES, type Rule } from "./rule.js";
import { duplicatesOf } from "./unique-help.js";

export const rule: Rule = {
  id: "adding-unique-index",
  engines: ALL_ENGINES,
  severity: "info",
  aside: true,
  protects: "A unique index fails on duplicates that are there, and makes code fail that writes new ones.",
  check({ operation, engine }) {
    if (operation.kind !== "create-index" || !operation.unique) return null;
    const table = engine.quoteRelation(operation.relation);
    return {
      message: `The build fails if ${table} holds duplicates, and running code that writes one fails from then on.`,
      help: `Look for duplicates first: ${duplicatesOf(operation, engine)}`,
    };
  },
  bad: [
    { sql: "CREATE UNIQUE INDEX CONCURRENTLY users_email ON users (email);", engines: ["postgres"] },
    { sql: "CREATE UNIQUE INDEX users_email ON users (email);", engines: ["mysql", "mariadb"] },
  ],
  good: [{ sql: "CREATE TABLE users (email varchar(255));\nCREATE UNIQUE INDEX users_email ON users (email);" }],
};
