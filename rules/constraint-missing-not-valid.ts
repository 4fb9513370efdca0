import { ALL_ENGINES, type Rule, type RuleContext } from "./rule.js";

const MESSAGES = {
  postgres:
    "Every row is checked while reads and writes wait, even though the new column holds the same value in all of them.",
  mysql: "The CHECK makes the server copy the whole table while writes wait.",
  mariadb: "MariaDB does not check the rows that are there: those that violate the CHECK fail at their next UPDATE.",
};

function help({ engine }: RuleContext, table: string, expression: string): string {
  if (engine.name !== "postgres")
    return "Add the column without the CHECK, and add the CHECK when every row is known to satisfy it.";
  const add = `ALTER TABLE ${table} ADD CONSTRAINT ... CHECK (${expression}) NOT VALID;`;
  return `Add the column first, then in two transactions: ${add} ALTER TABLE ${table} VALIDATE CONSTRAINT ...;`;
}

export const rule: Rule = {
  id: "constraint-missing-not-valid",
  engines: ALL_ENGINES,
  severity: "error",
  protects: "A CHECK that comes with a column is verified on every row under the column's strong lock.",
  check(context) {
    const { operation, engine } = context;
    if (operation.kind !== "add-column") return null;
    const [check] = operation.column.checks;
    if (check === undefined) return null;
    const table = engine.quoteRelation(operation.relation);
    return { message: MESSAGES[engine.name], help: help(context, table, check.expression) };
  },
  bad: [{ sql: "ALTER TABLE users ADD COLUMN age int CHECK (age > 0);" }],
  good: [{ sql: "ALTER TABLE users ADD COLUMN age int;" }, { sql: "CREATE TABLE users (age int CHECK (age > 0));" }],
};
