import { POSTGRES, type Rule } from "./rule.js";
import { columnsOfType } from "./written-columns.js";

const TYPES: ReadonlySet<string> = new Set(["char", "character", "bpchar"]);

export const rule: Rule = {
  id: "ban-char-field",
  engines: POSTGRES,
  severity: "info",
  defaultOff: true,
  aside: true,
  onFreshTables: true,
  protects: "A value of char(n) is filled with blanks, which comparisons then pass over in surprising ways.",
  check({ operation, engine }) {
    const [column] = columnsOfType(operation, TYPES);
    if (column === undefined) return null;
    return {
      message: `${engine.quote(column.name)} is ${column.type}: what is shorter is filled with blanks.`,
      help: "Use text.",
    };
  },
  bad: [{ sql: "CREATE TABLE users (country char(2));" }],
  good: [{ sql: "CREATE TABLE users (country text);" }],
};
