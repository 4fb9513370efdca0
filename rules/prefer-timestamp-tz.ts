import { POSTGRES, type Rule } from "./rule.js";
import { columnsOfType } from "./written-columns.js";

const TYPES: ReadonlySet<string> = new Set(["timestamp", "timestamp without time zone"]);

export const rule: Rule = {
  id: "prefer-timestamp-tz",
  engines: POSTGRES,
  severity: "info",
  defaultOff: true,
  aside: true,
  onFreshTables: true,
  protects: "A timestamp without a time zone means another moment in every session that has another time zone.",
  check({ operation, engine }) {
    const [column] = columnsOfType(operation, TYPES);
    if (column === undefined) return null;
    return {
      message: `${engine.quote(column.name)} is ${column.type}: which moment a value is depends on the time zone of who reads it.`,
      help: "Use timestamptz.",
    };
  },
  bad: [
    { sql: "CREATE TABLE users (seen timestamp);" },
    { sql: "ALTER TABLE users ADD COLUMN seen timestamp(3) without time zone;" },
  ],
  good: [{ sql: "CREATE TABLE users (seen timestamptz);" }],
};
