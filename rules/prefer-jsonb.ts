import { POSTGRES, type Rule } from "./rule.js";
import { columnsOfType } from "./written-columns.js";

const TYPES: ReadonlySet<string> = new Set(["json"]);

export const rule: Rule = {
  id: "prefer-jsonb",
  engines: POSTGRES,
  severity: "info",
  defaultOff: true,
  aside: true,
  onFreshTables: true,
  protects: "The type json is kept as text: it is parsed at each read, has no equality and no index.",
  check({ operation, engine }) {
    const [column] = columnsOfType(operation, TYPES);
    if (column === undefined) return null;
    return {
      message: `${engine.quote(column.name)} is json: it is parsed again at each read, and cannot be compared or indexed.`,
      help: "Use jsonb.",
    };
  },
  bad: [{ sql: "CREATE TABLE users (settings json);" }],
  good: [{ sql: "CREATE TABLE users (settings jsonb);" }],
};
