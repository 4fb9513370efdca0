import { findTable } from "../src/engines/engine.js";
import { POSTGRES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

export const rule: Rule = {
  id: "foreign-key-without-index",
  engines: POSTGRES,
  severity: "info",
  aside: true,
  protects:
    "Each DELETE in the table that is pointed at looks for rows that point there: without an index, at all of them.",
  check({ operation, catalog, engine }) {
    const added = detailOf(operation, "add-constraint");
    if (added?.constraint.kind !== "foreign-key" || operation.relation === null) return null;
    const table = findTable(catalog, operation.relation);
    const { columns } = added.constraint;
    if (table === null || columns.some((name) => !table.columns.some((column) => column.name === name))) return null;
    if (table.indexes.some((index) => columns.every((name) => index.columns.includes(name)))) return null;
    const list = columns.map((name) => engine.quote(name)).join(", ");
    const other =
      added.constraint.references === null
        ? "the other table"
        : engine.quoteRelation(added.constraint.references.relation);
    return {
      message: `Each DELETE and each change of a key in ${other} reads all of ${engine.quoteRelation(operation.relation)}.`,
      help: `Build the index first: CREATE INDEX CONCURRENTLY ON ${engine.quoteRelation(operation.relation)} (${list});`,
    };
  },
  bad: [
    {
      sql: "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, team_id bigint);\nALTER TABLE users ADD CONSTRAINT team FOREIGN KEY (team_id) REFERENCES teams (id) NOT VALID;",
    },
  ],
  good: [
    { sql: "ALTER TABLE users ADD CONSTRAINT team FOREIGN KEY (team_id) REFERENCES teams (id) NOT VALID;" },
    {
      sql: "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, team_id bigint);\nCREATE INDEX CONCURRENTLY users_team ON users (team_id);\nALTER TABLE users ADD CONSTRAINT team FOREIGN KEY (team_id) REFERENCES teams (id) NOT VALID;",
    },
  ],
};
