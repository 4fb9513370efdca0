import { ALL_ENGINES, type Rule } from "./rule.js";
import { columnsOfType } from "./written-columns.js";

const TYPES: ReadonlySet<string> = new Set(["smallint", "int2", "smallserial", "serial2"]);

export const rule: Rule = {
  id: "prefer-bigint-over-smallint",
  engines: ALL_ENGINES,
  severity: "info",
  defaultOff: true,
  aside: true,
  onFreshTables: true,
  protects: "A smallint holds 32,767, and to make a bigint of it later is a migration of its own.",
  check({ operation, engine }) {
    const [column] = columnsOfType(operation, TYPES);
    if (column === undefined) return null;
    return {
      message: `${engine.quote(column.name)} is ${column.type}: its values end at 32,767.`,
      help: "Use bigint.",
    };
  },
  bad: [{ sql: "CREATE TABLE users (id smallint PRIMARY KEY);" }],
  good: [{ sql: "CREATE TABLE users (id bigint PRIMARY KEY);" }],
};
