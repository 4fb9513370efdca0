import { findTable } from "../src/engines/engine.js";
import type { Rule } from "./rule.js";
import { sameSpelling } from "./same-spelling.js";

export const rule: Rule = {
  id: "keeping-other-column",
  engines: ["postgres", "mariadb"],
  severity: "warning",
  aside: true,
  onFreshTables: true,
  protects: "ADD COLUMN IF NOT EXISTS asks for a column of that name and not for its type: another one stays as it is.",
  check({ operation, catalog, engine }) {
    if (operation.kind !== "add-column" || !operation.ifNotExists) return null;
    const { column, relation } = operation;
    const old = findTable(catalog, relation)?.columns.find(({ name }) => name === column.name);
    if (old === undefined || sameSpelling(old.type, column.type)) return null;
    return {
      message: `${engine.quote(column.name)} is there already and is ${old.type}: nothing happens, and it does not become ${column.type}.`,
      help: "Change its type where that is meant, or choose another name.",
    };
  },
  bad: [{ sql: "CREATE TABLE users (age int);\nALTER TABLE users ADD COLUMN IF NOT EXISTS age text;" }],
  good: [
    {
      sql: "CREATE TABLE users (age int);\nALTER TABLE users ADD COLUMN IF NOT EXISTS age integer;",
      engines: ["postgres"],
    },
    { sql: "ALTER TABLE users ADD COLUMN IF NOT EXISTS age int;" },
  ],
};
