import type { ColumnDefinition } from "../src/model/operation.js";
import { longLock } from "./locks.js";
import { ALL_ENGINES, type Rule, type RuleContext } from "./rule.js";

/** Why the server visits every row that is there; null when it is not for a value. */
function reason(column: ColumnDefinition, engine: RuleContext["engine"]["name"]): string | null {
  if (column.generated !== null) return "to compute the generated expression";
  if (column.identity !== null || column.autoIncrement) return "to number the rows";
  // MySQL and MariaDB compute per row only what is no literal; literals are kept in the catalog.
  const perRow = engine === "postgres" || /[(]/.test(column.default ?? "");
  if (column.default !== null && perRow) return `to compute the default ${column.default}`;
  return engine === "postgres" ? `because of the type ${column.type}` : null;
}

export const rule: Rule = {
  id: "adding-field-with-default",
  engines: ALL_ENGINES,
  severity: "error",
  protects:
    "A value that is computed for every row makes the server write the whole table again while nobody can use it.",
  check({ operation, effect, engine }) {
    if (operation.kind !== "add-column" || !effect.rewrite) return null;
    const lock = longLock(effect);
    const why = reason(operation.column, engine.name);
    if (why === null || lock === null) return null;
    const blocked = lock.blocks === "reads" ? "reads and writes wait" : "writes wait";
    const name = engine.quote(operation.column.name);
    return {
      message: `The table is written again ${why}, and ${blocked} until that is done (${lock.mode}).`,
      help: `Add ${name} without it, let new rows fill it, and fill the old rows in batches; \`zmigrate plan\` does so where it can.`,
    };
  },
  bad: [
    { sql: "ALTER TABLE users ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid();", engines: ["postgres"] },
    { sql: "ALTER TABLE users ADD COLUMN n bigserial;", engines: ["postgres"] },
    { sql: "ALTER TABLE users ADD COLUMN n bigint GENERATED ALWAYS AS IDENTITY;", engines: ["postgres"] },
    { sql: "ALTER TABLE users ADD COLUMN g int GENERATED ALWAYS AS (1 + 1) STORED;" },
    { sql: "ALTER TABLE users ADD COLUMN token varchar(36) DEFAULT (uuid());", engines: ["mysql", "mariadb"] },
  ],
  good: [
    { sql: "ALTER TABLE users ADD COLUMN age int NOT NULL DEFAULT 0;" },
    { sql: "ALTER TABLE users ADD COLUMN created_at timestamptz NOT NULL DEFAULT now();", engines: ["postgres"] },
    {
      sql: "CREATE TABLE users (id int);\nALTER TABLE users ADD COLUMN r double precision DEFAULT random();",
      engines: ["postgres"],
    },
  ],
};
