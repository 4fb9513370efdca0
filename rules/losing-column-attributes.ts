import { MYSQL_ENGINES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

export const rule: Rule = {
  id: "losing-column-attributes",
  engines: MYSQL_ENGINES,
  severity: "error",
  protects: "MODIFY and CHANGE define the column anew: what the new definition does not repeat is gone, in silence.",
  check({ operation, effect, engine }) {
    const modify = detailOf(operation, "modify-column");
    const lost = effect.loses ?? [];
    if (modify === null || lost.length === 0) return null;
    return {
      message: `${engine.quote(modify.column)} loses ${lost.join(", ")}.`,
      help: `Repeat it in the new definition: ${modify.definition.text} ${lost.join(" ")}`,
    };
  },
  bad: [
    {
      sql: "CREATE TABLE users (id int, name varchar(10) NOT NULL DEFAULT 'x');\nALTER TABLE users MODIFY name varchar(10) NOT NULL;",
    },
  ],
  good: [{ sql: "ALTER TABLE users ALTER COLUMN name SET DEFAULT 'x';" }],
  onFreshTables: true,
};
