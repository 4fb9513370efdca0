import { findTable } from "../src/engines/engine.js";
import type { Table } from "../src/model/catalog.js";
import type { CreateTable } from "../src/model/operation.js";
import { ALL_ENGINES, type Rule } from "./rule.js";
import { sameSpelling } from "./same-spelling.js";

/** What the statement defines and the table does not have, or has otherwise: `age`, `name text (is integer)`. */
function missing({ columns, constraints }: CreateTable, table: Table, ignoresCase: boolean): readonly string[] {
  const key = (name: string) => (ignoresCase ? name.toLowerCase() : name);
  const there = new Map(table.columns.map((c) => [key(c.name), c]));
  return columns.flatMap(({ name, type, notNull, primaryKey }) => {
    const old = there.get(key(name));
    if (old === undefined) return [`${name} is missing`];
    if (!sameSpelling(old.type, type)) return [`${name} is ${old.type} and not ${type}`];
    const inKey = primaryKey || constraints.some((c) => c.kind === "primary-key" && c.columns.includes(name));
    if (old.notNull === (notNull || inKey)) return [];
    return [old.notNull ? `${name} stays NOT NULL` : `${name} may be NULL`];
  });
}

export const rule: Rule = {
  id: "keeping-other-table",
  engines: ALL_ENGINES,
  severity: "warning",
  aside: true,
  onFreshTables: true,
  protects:
    "CREATE TABLE IF NOT EXISTS asks for a table of that name and not for its columns: another one stays as it is.",
  check({ operation, catalog, engine }) {
    if (operation.kind !== "create-table" || !operation.ifNotExists || operation.temporary) return null;
    const table = findTable(catalog, operation.relation);
    const lacks = table === null ? [] : missing(operation, table, engine.name !== "postgres");
    if (lacks.length === 0) return null;
    return {
      message: `${engine.quoteRelation(operation.relation)} is there already: nothing happens, and ${lacks.join(", ")}.`,
      help: "Change the table by ALTER TABLE, or choose another name.",
    };
  },
  bad: [
    { sql: "CREATE TABLE users (id bigint);\nCREATE TABLE IF NOT EXISTS users (id bigint, age int);" },
    { sql: "CREATE TABLE users (id bigint);\nCREATE TABLE IF NOT EXISTS users (id bigint NOT NULL);" },
  ],
  good: [
    {
      sql: "CREATE TABLE users (id bigint NOT NULL, PRIMARY KEY (id));\nCREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY);",
    },
    { sql: "CREATE TABLE users (id bigint, age int);\nCREATE TABLE IF NOT EXISTS users (id bigint);" },
    { sql: "CREATE TABLE IF NOT EXISTS users (id bigint, age int);" },
  ],
};
