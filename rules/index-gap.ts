import { findTable } from "../src/engines/engine.js";
import { ALL_ENGINES, type Rule } from "./rule.js";

export const rule: Rule = {
  id: "index-gap",
  engines: ALL_ENGINES,
  severity: "warning",
  aside: true,
  protects: "Between the drop of an index and the end of its rebuild, queries read the whole table.",
  check({ operation, droppedIndexes, perhapsDropped, catalog, engine }) {
    if (operation.kind !== "create-index" || operation.name === null) return null;
    const perhaps = perhapsDropped.includes(operation.name) && findTable(catalog, operation.relation) === null;
    if (!perhaps && !droppedIndexes.includes(operation.name)) return null;
    return {
      message: `${engine.quote(operation.name)} was dropped above: until it is built again, queries that use it read the whole table.`,
      help: "Build the new index under another name first, drop the old one behind it, and rename the new one.",
    };
  },
  bad: [
    {
      sql: "DROP INDEX CONCURRENTLY users_email;\nCREATE INDEX CONCURRENTLY users_email ON users (lower(email));",
      engines: ["postgres"],
    },
    {
      sql: "DROP INDEX users_email ON users;\nCREATE INDEX users_email ON users (email, id);",
      engines: ["mysql", "mariadb"],
    },
  ],
  good: [
    {
      sql: "DROP INDEX CONCURRENTLY IF EXISTS users_age;\nCREATE INDEX CONCURRENTLY users_age ON users (age);",
      engines: ["postgres"],
    },
    {
      sql: "CREATE INDEX CONCURRENTLY users_email_new ON users (lower(email));\nDROP INDEX CONCURRENTLY users_email;",
      engines: ["postgres"],
    },
    {
      sql: "ALTER TABLE users DROP INDEX users_email, ADD INDEX users_email (email, id);",
      engines: ["mysql", "mariadb"],
    },
  ],
};
