import { ALL_ENGINES, type Rule } from "./rule.js";
import { columnsOfType } from "./written-columns.js";

const TYPES: ReadonlySet<string> = new Set([
  "money",
  "float",
  "float4",
  "float8",
  "real",
  "double precision",
  "double",
]);

export const rule: Rule = {
  id: "ban-inexact-money",
  engines: ALL_ENGINES,
  severity: "info",
  defaultOff: true,
  aside: true,
  onFreshTables: true,
  protects: "Binary fractions lose cents, and the type money changes its meaning with the locale of the server.",
  check({ operation, engine }) {
    const [column] = columnsOfType(operation, TYPES);
    if (column === undefined) return null;
    return {
      message: `${engine.quote(column.name)} is ${column.type}: sums of it are not exact, or depend on the locale of the server.`,
      help: "Use numeric with a scale for amounts; where the value is a measurement, say so with an ignore.",
    };
  },
  bad: [{ sql: "CREATE TABLE orders (price double precision);" }],
  good: [{ sql: "CREATE TABLE orders (price numeric(12, 2));" }],
};
