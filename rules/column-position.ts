import { MYSQL_ENGINES, type Rule } from "./rule.js";

export const rule: Rule = {
  id: "column-position",
  engines: MYSQL_ENGINES,
  severity: "info",
  aside: true,
  protects: "A column in between moves those behind it: code that reads or writes by position meets other columns.",
  check({ operation, engine }) {
    if (operation.kind !== "add-column" || operation.position === null) return null;
    return {
      message: `Columns behind ${engine.quote(operation.column.name)} move by one: code that reads SELECT * by position gets other values, and INSERT without a column list fails (1136).`,
      help: "Leave FIRST and AFTER out: the order of columns means nothing to SQL that names them.",
    };
  },
  bad: [{ sql: "ALTER TABLE users ADD COLUMN age int AFTER id;" }],
  good: [{ sql: "ALTER TABLE users ADD COLUMN age int;" }],
};
