import { ALL_ENGINES, type Rule } from "./rule.js";

export const rule: Rule = {
  id: "adding-serial-primary-key-field",
  engines: ALL_ENGINES,
  severity: "error",
  protects: "A primary key that is added with its column writes the table again and builds its index in one statement.",
  check({ operation, engine }) {
    if (operation.kind !== "add-column" || !operation.column.primaryKey) return null;
    const waits = engine.name === "postgres" ? "reads and writes wait" : "writes wait";
    return {
      message: `The table is written again and the key's index is built while ${waits}.`,
      help: "Add the column, fill it in batches, build a unique index beside the traffic, and make that the primary key.",
    };
  },
  bad: [
    { sql: "ALTER TABLE users ADD COLUMN id bigserial PRIMARY KEY;", engines: ["postgres"] },
    {
      sql: "ALTER TABLE users ADD COLUMN id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY;",
      engines: ["mysql", "mariadb"],
    },
  ],
  good: [{ sql: "CREATE TABLE users (id bigint PRIMARY KEY);" }, { sql: "ALTER TABLE users ADD COLUMN id bigint;" }],
};
