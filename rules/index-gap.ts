import { findTable, sameRelation } from "../src/engines/engine.js";
import type { CreateIndex } from "../src/model/operation.js";
import { ALL_ENGINES, type DroppedIndex, type Rule } from "./rule.js";

/** An index of MySQL and MariaDB has its name in its table only, where case does not count. */
function isNamedSo({ index, table }: DroppedIndex, { name, relation }: CreateIndex, schema: string | null): boolean {
  if (table === null) return index.name === name;
  return sameRelation(table, relation, schema) && index.name.toLowerCase() === name?.toLowerCase();
}

export const rule: Rule = {
  id: "index-gap",
  engines: ALL_ENGINES,
  severity: "warning",
  aside: true,
  protects: "Between the drop of an index and the end of its rebuild, queries read the whole table.",
  check({ operation, droppedIndexes, perhapsDropped, catalog, engine }) {
    if (operation.kind !== "create-index" || operation.name === null) return null;
    const isIt = (dropped: DroppedIndex) => isNamedSo(dropped, operation, catalog.defaultSchema);
    const perhaps = perhapsDropped.some(isIt) && findTable(catalog, operation.relation) === null;
    if (!perhaps && !droppedIndexes.some(isIt)) return null;
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
      sql: "CREATE TABLE orgs (id bigint PRIMARY KEY, email varchar(90));\nDROP INDEX users_email ON users;\nCREATE INDEX users_email ON orgs (email);",
      engines: ["mysql", "mariadb"],
    },
    {
      sql: "ALTER TABLE users DROP INDEX users_email, ADD INDEX users_email (email, id);",
      engines: ["mysql", "mariadb"],
    },
  ],
};
