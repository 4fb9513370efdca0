import { MYSQL_ENGINES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

const OFF = /^(?:0|off|false)$/i;

export const rule: Rule = {
  id: "unchecked-foreign-key",
  engines: MYSQL_ENGINES,
  severity: "warning",
  aside: true,
  protects: "With foreign_key_checks off, rows that point nowhere stay in the table, and nothing finds them later.",
  check({ operation, settings, engine }) {
    const added = detailOf(operation, "add-constraint");
    if (added?.constraint.kind !== "foreign-key" || operation.kind !== "other" || operation.relation === null)
      return null;
    const target = added.constraint.references;
    if (target === null || !OFF.test(settings.foreign_key_checks ?? "")) return null;
    const [child, parent] = [engine.quoteRelation(operation.relation), engine.quoteRelation(target.relation)];
    const pairs = added.constraint.columns.map(
      (column, i) => `c.${engine.quote(column)} = p.${engine.quote(target.columns[i] ?? column)}`,
    );
    const [first = ""] = added.constraint.columns;
    const [key = first] = target.columns;
    return {
      message: `The key is added without a look at the rows of ${child}: those that point nowhere stay.`,
      help: `Look for them before and behind it: SELECT c.* FROM ${child} c LEFT JOIN ${parent} p ON ${pairs.join(" AND ")} WHERE c.${engine.quote(first)} IS NOT NULL AND p.${engine.quote(key)} IS NULL;`,
    };
  },
  bad: [
    {
      sql: "SET foreign_key_checks = 0;\nALTER TABLE users ADD CONSTRAINT team FOREIGN KEY (team_id) REFERENCES teams (id);",
    },
  ],
  good: [
    {
      sql: "SET foreign_key_checks = 0;\nSET foreign_key_checks = 1;\nALTER TABLE users ADD CONSTRAINT team FOREIGN KEY (team_id) REFERENCES teams (id);",
    },
    { sql: "SET foreign_key_checks = 0;\nALTER TABLE users ADD COLUMN age int;" },
  ],
};
