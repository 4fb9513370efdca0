import { refusedForeignKey } from "./mysql-refused-foreign-key.js";
import { ALL_ENGINES, type Rule } from "./rule.js";

export const rule: Rule = {
  id: "adding-foreign-key-constraint",
  engines: ALL_ENGINES,
  severity: "error",
  protects: "A foreign key that comes with a column locks two tables, and may be verified row by row, or be ignored.",
  check(context) {
    const { operation, engine } = context;
    if (operation.kind !== "add-column" || operation.column.references === null) return null;
    // `contradicting-history` says it.
    if (refusedForeignKey(context) !== null) return null;
    const { column, relation } = operation;
    const parent = engine.quoteRelation(operation.column.references.relation);
    if (engine.name !== "postgres") {
      return {
        message: `REFERENCES ${parent} in a column's definition is ignored by MySQL before 9.0; later versions and MariaDB copy the table while writes wait.`,
        help: "Add the column alone, and the key by ADD CONSTRAINT ... FOREIGN KEY as a change of its own.",
      };
    }
    if (column.default === null || column.default.toUpperCase() === "NULL") return null;
    const table = engine.quoteRelation(relation);
    const name = engine.quote(`${relation.name}_${column.name}_fkey`.slice(0, 63));
    const target = operation.column.references.columns.map((c) => engine.quote(c)).join(", ");
    const keys = target === "" ? "" : ` (${target})`;
    return {
      message: `Every row is looked up in ${parent} while ${table} can be neither read nor written and ${parent} cannot be written.`,
      help: `Add the column alone, then in two transactions: ALTER TABLE ${table} ADD CONSTRAINT ${name} FOREIGN KEY (${engine.quote(column.name)}) REFERENCES ${parent}${keys} NOT VALID; ALTER TABLE ${table} VALIDATE CONSTRAINT ${name};`,
    };
  },
  bad: [
    { sql: "ALTER TABLE users ADD COLUMN team_id bigint DEFAULT 1 REFERENCES teams (id);", engines: ["postgres"] },
    { sql: "ALTER TABLE users ADD COLUMN team_id bigint REFERENCES teams (id);", engines: ["mysql", "mariadb"] },
  ],
  good: [
    { sql: "ALTER TABLE users ADD COLUMN team_id bigint REFERENCES teams (id);", engines: ["postgres"] },
    { sql: "ALTER TABLE users ADD COLUMN team_id bigint;" },
  ],
};
