import { POSTGRES, type Rule } from "./rule.js";
import { columnsOfType } from "./written-columns.js";

const TYPES: ReadonlySet<string> = new Set(["varchar", "character varying", "char varying"]);

export const rule: Rule = {
  id: "prefer-text-field",
  engines: POSTGRES,
  severity: "info",
  defaultOff: true,
  aside: true,
  onFreshTables: true,
  protects: "A limit on a text has to be changed one day, and a CHECK can be changed with less trouble than a type.",
  check({ operation, engine }) {
    const [column] = columnsOfType(operation, TYPES);
    if (column === undefined) return null;
    return {
      message: `${engine.quote(column.name)} is ${column.type}: its limit is part of its type, and a change of the type touches the table.`,
      help: "Use text, with a CHECK (length(...) <= n) where the length matters.",
    };
  },
  bad: [
    { sql: "CREATE TABLE users (name varchar(100));" },
    { sql: "ALTER TABLE users ADD COLUMN name character varying;" },
  ],
  good: [{ sql: "CREATE TABLE users (name text);" }],
};
