import { findTable } from "../src/engines/engine.js";
import { type NamedNotNull, notNullNamed } from "../src/engines/postgres/not-null-names.js";
import { addedConstraints, isToldByFiles } from "../src/engines/table-lookup.js";
import { ALL_ENGINES, type Rule, type RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

/** ALTER DOMAIN DROP NOT NULL; MODIFY with NULL (MySQL, MariaDB), which is said on purpose. */
function withoutName({ operation, catalog }: RuleContext): NamedNotNull | null {
  const domain = detailOf(operation, "alter-object");
  if (domain?.object === "domain" && domain.changes.includes("DROP NOT NULL")) return { column: null };
  const modified = detailOf(operation, "modify-column");
  if (modified === null || operation.relation === null) return null;
  const { definition, column } = modified;
  const table = findTable(catalog, operation.relation);
  const old = table?.columns.find((c) => c.name.toLowerCase() === column.toLowerCase());
  const key = table?.constraints.find((c) => c.kind === "primary-key")?.columns ?? [];
  const nullable = definition.attributes?.some(({ name }) => name === "NULL") === true;
  return nullable && old?.notNull === true && !key.includes(old.name) ? { column: definition.name } : null;
}

/** The column may be NULL already, as the database says, or files do of a table that nothing else has changed. */
function isNullable(column: string, { operation, catalog }: RuleContext): boolean {
  const table = operation.relation === null ? null : findTable(catalog, operation.relation);
  const old = table?.columns.find(({ name }) => name === column);
  if (table === null || old === undefined || old.notNull) return false;
  return catalog.source !== "files" || isToldByFiles(catalog, table.relation);
}

/** DROP NOT NULL, or on PostgreSQL 18 DROP CONSTRAINT of one by its name. */
function droppedIn(context: RuleContext): NamedNotNull | null {
  const { operation, catalog, engine, version, newestVersion = version } = context;
  const change = detailOf(operation, "drop-not-null");
  if (change !== null) return isNullable(change.column, context) ? null : change;
  const unnamed = withoutName(context);
  if (unnamed !== null || engine.name !== "postgres") return unnamed;
  const constraint = detailOf(operation, "drop-constraint");
  if (constraint?.name == null || operation.relation === null || (newestVersion.parts[0] ?? 0) < 18) return null;
  const table = findTable(catalog, operation.relation);
  const named = notNullNamed(
    table,
    operation.relation.name,
    constraint.name,
    addedConstraints(catalog, operation.relation),
  );
  // IF EXISTS of a name that a known table does not have.
  return named?.column === null && table !== null && constraint.ifExists ? null : named;
}

export const rule: Rule = {
  id: "ban-drop-not-null",
  engines: ALL_ENGINES,
  severity: "warning",
  aside: true,
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
    { sql: "ALTER TABLE users ALTER COLUMN email DROP NOT NULL;", engines: ["postgres"] },
    { sql: "ALTER DOMAIN email DROP NOT NULL;", engines: ["postgres"] },
    { sql: "ALTER TABLE users DROP CONSTRAINT users_email_not_null;", engines: ["postgres"], version: "18" },
  ],
  good: [
    {
      sql: "-- zmigrate:phase contract\nALTER TABLE users ALTER COLUMN email DROP NOT NULL;",
      engines: ["postgres"],
    },
    { sql: "ALTER TABLE users MODIFY email varchar(255);", engines: ["mysql", "mariadb"] },
    {
      sql: "CREATE TABLE users (email text NOT NULL);\nALTER TABLE users ALTER COLUMN email DROP NOT NULL;",
      engines: ["postgres"],
    },
  ],
};
