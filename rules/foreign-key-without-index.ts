import { findTable } from "../src/engines/engine.js";
import type { RelationName } from "../src/model/name.js";
import { indexInParts, partitionsOf } from "./in-parts.js";
import { POSTGRES, type Rule, type RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

function indexOver(columns: readonly string[], relation: RelationName, context: RuleContext): string {
  const definition = `(${columns.map(context.engine.quote).join(", ")})`;
  if (partitionsOf(relation, context).length === 0)
    return `CREATE INDEX CONCURRENTLY ON ${context.engine.quoteRelation(relation)} ${definition};`;
  const name = `${relation.name}_${columns.join("_")}_idx`.slice(0, 63);
  return indexInParts({ relation, name, unique: false, definition }, context);
}

export const rule: Rule = {
  id: "foreign-key-without-index",
  engines: POSTGRES,
  severity: "info",
  aside: true,
  protects:
    "Each DELETE in the table that is pointed at looks for rows that point there: without an index, at all of them.",
  check(context) {
    const { operation, catalog, engine } = context;
    const added = detailOf(operation, "add-constraint");
    if (added?.constraint.kind !== "foreign-key" || operation.relation === null) return null;
    const table = findTable(catalog, operation.relation);
    const { columns, references } = added.constraint;
    if (table === null || columns.some((name) => !table.columns.some((column) => column.name === name))) return null;
    if (table.indexes.some((index) => columns.every((name) => index.columns.includes(name)))) return null;
    const other = references === null ? "the other table" : engine.quoteRelation(references.relation);
    return {
      message: `Each DELETE and each change of a key in ${other} reads all of ${engine.quoteRelation(operation.relation)}.`,
      help: `Build the index first: ${indexOver(columns, operation.relation, context)}`,
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
