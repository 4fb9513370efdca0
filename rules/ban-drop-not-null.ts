import { findTable } from "../src/engines/engine.js";
import { type NamedNotNull, notNullNamed } from "../src/engines/postgres/not-null-names.js";
import { POSTGRES, type Rule, type RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

/** DROP NOT NULL, or on PostgreSQL 18 DROP CONSTRAINT of one by its name. */
function droppedIn({ operation, catalog, version, newestVersion = version }: RuleContext): NamedNotNull | null {
  const change = detailOf(operation, "drop-not-null");
  if (change !== null) return change;
  const constraint = detailOf(operation, "drop-constraint");
  if (constraint?.name == null || operation.relation === null || (newestVersion.parts[0] ?? 0) < 18) return null;
  const table = findTable(catalog, operation.relation);
  const named = notNullNamed(table, operation.relation.name, constraint.name);
  // IF EXISTS of a name that a known table does not have.
  return named?.column === null && table !== null && constraint.ifExists ? null : named;
}

export const rule: Rule = {
  id: "ban-drop-not-null",
  engines: POSTGRES,
  severity: "warning",
  protects: "Running code that has never seen NULL in a column meets it as soon as new code writes one.",
  check(context) {
    const dropped = droppedIn(context);
    if (dropped === null || context.phase === "contract") return null;
    const column = dropped.column === null ? "A column" : context.engine.quote(dropped.column);
    return {
      message: `${column} may be NULL from now on, and running code that reads it is not prepared for that.`,
      help: `First deploy code that reads NULL in ${dropped.column === null ? "it" : column}; then run this under \`-- zmigrate:phase contract\`.`,
    };
  },
  bad: [
    { sql: "ALTER TABLE users ALTER COLUMN email DROP NOT NULL;" },
    { sql: "ALTER TABLE users DROP CONSTRAINT users_email_not_null;", version: "18" },
  ],
  good: [
    { sql: "-- zmigrate:phase contract\nALTER TABLE users ALTER COLUMN email DROP NOT NULL;" },
    { sql: "CREATE TABLE users (email text NOT NULL);\nALTER TABLE users ALTER COLUMN email DROP NOT NULL;" },
  ],
};
