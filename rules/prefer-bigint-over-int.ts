import { ALL_ENGINES, type Rule } from "./rule.js";
import { columnsOfType } from "./written-columns.js";

const TYPES: ReadonlySet<string> = new Set(["int", "integer", "int4", "serial", "serial4"]);

export const rule: Rule = {
  id: "prefer-bigint-over-int",
  engines: ALL_ENGINES,
  severity: "info",
  defaultOff: true,
  aside: true,
  onFreshTables: true,
  protects: "An int holds 2,147,483,647, and to make a bigint of it later is a migration of its own.",
  check({ operation, engine }) {
    const [column] = columnsOfType(operation, TYPES);
    if (column === undefined) return null;
    return {
      message: `${engine.quote(column.name)} is ${column.type}: its values end at 2,147,483,647.`,
      help: "Use bigint.",
    };
  },
  bad: [
    { sql: "CREATE TABLE users (id int PRIMARY KEY);" },
    { sql: "CREATE TABLE users (id serial PRIMARY KEY);", engines: ["postgres"] },
  ],
  good: [{ sql: "CREATE TABLE users (id bigint PRIMARY KEY);" }],
};
