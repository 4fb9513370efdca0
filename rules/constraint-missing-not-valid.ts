import { findTable } from "../src/engines/engine.js";
import { isMetByDefault } from "../src/engines/met-by-default.js";
import { impliedName } from "../src/engines/postgres/implied-name.js";
import type { Catalog } from "../src/model/catalog.js";
import type { AddConstraint } from "../src/model/detail/constraint.js";
import type { Fix } from "../src/model/finding.js";
import type { RelationName } from "../src/model/name.js";
import type { ColumnDefinition, TableConstraint } from "../src/model/operation.js";
import { keyInParts, partitionsOf } from "./in-parts.js";
import { longLock } from "./locks.js";
import { ALL_ENGINES, type Rule, type RuleContext, type Verdict } from "./rule.js";
import { append, fixed } from "./statement-fix.js";
import { detailOf } from "./understood.js";

const MESSAGES = {
  postgres:
    "Every row is checked while reads and writes wait, even though the new column holds the same value in all of them.",
  mysql: "The CHECK makes the server copy the whole table while writes wait.",
  mariadb: "MariaDB does not check the rows that are there: those that violate the CHECK fail at their next UPDATE.",
};

/** @param name quoted */
const notValid = (table: string, name: string, constraint: string): string =>
  `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${constraint} NOT VALID; ALTER TABLE ${table} VALIDATE CONSTRAINT ${name};`;

const SUFFIX: Readonly<Record<string, string>> = { check: "check", "foreign-key": "fkey", "not-null": "not_null" };

/** The name that is written, else one as PostgreSQL makes it; and the constraint without it. */
function named(
  relation: RelationName,
  catalog: Catalog,
  { name, columns, kind, text }: Pick<TableConstraint, "name" | "columns" | "kind" | "text">,
) {
  const table = findTable(catalog, relation);
  const taken = new Set([...(table?.constraints ?? []), ...(table?.indexes ?? [])].map((thing) => thing.name));
  const made = impliedName(relation.name, columns.slice(0, 1), SUFFIX[kind] ?? kind, taken);
  return { name: name ?? made, text: text.replace(/^CONSTRAINT\s+(?:"(?:[^"]|"")*"|\S+)\s+/i, "") };
}

function withColumn({ operation, engine }: RuleContext): Verdict | null {
  if (operation.kind !== "add-column") return null;
  const [check] = operation.column.checks;
  // MariaDB looks at no row.
  if (check === undefined || (engine.name === "mariadb" && isMetByDefault(operation.column))) return null;
  const table = engine.quoteRelation(operation.relation);
  return {
    message: MESSAGES[engine.name],
    help:
      engine.name === "postgres"
        ? `Add the column first, then in two transactions: ${notValid(table, engine.quote(check.name ?? `${operation.relation.name}_${operation.column.name}_check`.slice(0, 63)), `CHECK (${check.expression})`)}`
        : "Add the column without the CHECK, and add the CHECK when every row is known to satisfy it.",
  };
}

/** The file has added the column: rows have its default, or what the file put there under a phase. */
function isFilledHere({ operation, addedColumns, phase }: RuleContext, definition: ColumnDefinition): boolean {
  const isAdded = addedColumns.some(
    ({ relation, column }) =>
      relation.name === operation.relation?.name && column.toLowerCase() === definition.name.toLowerCase(),
  );
  return isAdded && (phase !== null || isMetByDefault(definition));
}

/** MariaDB's MODIFY and CHANGE: the CHECK comes with the column's definition, and no row is looked at. */
function withDefinition(context: RuleContext): Verdict | null {
  const { operation, effect, engine, phase } = context;
  const modified = detailOf(operation, "modify-column");
  const [check] = effect.unchecked ?? [];
  if (modified === null || check === undefined || operation.relation === null) return null;
  if (isFilledHere(context, modified.definition)) return null;
  const table = engine.quoteRelation(operation.relation);
  // The column has its old name until then.
  const { expression = "" } = modified.definition.checks[0] ?? {};
  const look = `SELECT count(*) FROM ${table} WHERE NOT (${expression});`;
  const renames = modified.column.toLowerCase() !== modified.definition.name.toLowerCase();
  const before = `Look for rows that violate it${renames ? `, by the old name ${engine.quote(modified.column)}` : ""}, and mend them: ${look}`;
  return {
    ...(phase === "contract" ? { severity: "info" as const } : {}),
    message: `MariaDB does not hold ${check} against the rows that are there: every later UPDATE of one that violates it fails, of other columns too, and so do writes of running code that violate it (4025).`,
    help:
      phase === "contract"
        ? `${before} The server looks at none of them.`
        : `${before} Deploy code that writes no others, and run it behind that under \`-- zmigrate:phase contract\`.`,
  };
}

/** Two statements for one, which each run and commit by themselves. */
function fixOf(context: RuleContext, { constraint, expression }: AddConstraint): Fix | undefined {
  const { operation, engine, catalog } = context;
  const { name, kind } = constraint;
  if (engine.name !== "postgres" || operation.kind !== "other" || operation.relation === null || name === null)
    return undefined;
  // With two statements the message is a transaction, in which the second waits under the lock of the first.
  if (context.oneMessage) return undefined;
  // A foreign key of a partitioned table cannot be NOT VALID before PostgreSQL 18.
  const { relation } = operation;
  const partitioned = findTable(catalog, relation)?.partitioned === true;
  if (kind === "foreign-key" ? partitioned : kind !== "check" || expression === null) return undefined;
  const table = `${operation.ifTableExists === true ? "IF EXISTS " : ""}${engine.quoteRelation(relation)}`;
  const validate = `ALTER TABLE ${table} VALIDATE CONSTRAINT ${engine.quote(name)}`;
  return append(context, ` NOT VALID;\n${validate}`);
}

function notYetValid(context: RuleContext, relation: RelationName, { kind, name, text }: Constrained): string {
  const inParts =
    kind === "foreign-key" && partitionsOf(relation, context).length > 0 && (context.version.parts[0] ?? 0) < 18;
  if (inParts) return keyInParts(relation, name, text, context);
  return `In two transactions: ${notValid(context.engine.quoteRelation(relation), name, text)}`;
}

/** What is added: its name, quoted, and the rest of it. */
type Constrained = Pick<TableConstraint, "kind" | "text"> & { readonly name: string };

/** A CHECK, NOT NULL or foreign key of a table that exists. */
function alone(context: RuleContext): Verdict | null {
  const { operation, effect, engine } = context;
  const added = detailOf(operation, "add-constraint");
  const lock = longLock(effect);
  if (added === null || lock === null || operation.relation === null) return null;
  const { kind } = added.constraint;
  const { name, text } = named(operation.relation, context.catalog, added.constraint);
  if (kind !== "check" && kind !== "not-null" && kind !== "foreign-key") return null;
  const table = engine.quoteRelation(operation.relation);
  const who = lock.blocks === "reads" ? "reads and writes" : "writes";
  const both = kind === "foreign-key" ? " of both tables" : "";
  return {
    message: `Every row of ${table} is checked while ${who}${both} wait.`,
    help:
      engine.name === "postgres"
        ? notYetValid(context, operation.relation, { kind, name: engine.quote(name), text })
        : "Add it when the table may stand still, or through gh-ost, spirit or pt-online-schema-change.",
    ...fixed(fixOf(context, added)),
  };
}

export const rule: Rule = {
  id: "constraint-missing-not-valid",
  engines: ALL_ENGINES,
  severity: "error",
  protects:
    "A constraint is verified on every row under a strong lock, unless it is added NOT VALID and validated later.",
  check: (context) => withColumn(context) ?? withDefinition(context) ?? alone(context),
  bad: [
    { sql: "ALTER TABLE users ADD COLUMN age int CHECK (age > 0);", engines: ["postgres", "mysql"] },
    { sql: "ALTER TABLE users ADD COLUMN age int DEFAULT 0 CHECK (age > 0);", engines: ["mariadb"] },
    { sql: "ALTER TABLE users ADD COLUMN age int NOT NULL CHECK (age > 0);", engines: ["mariadb"] },
    { sql: "ALTER TABLE users ADD COLUMN age int CHECK (age IS NOT NULL);", engines: ["mariadb"] },
    {
      sql: "CREATE TABLE IF NOT EXISTS users (age int);\nALTER TABLE users MODIFY age int CHECK (age > 0);",
      engines: ["mariadb"],
    },
    { sql: "ALTER TABLE users ADD CONSTRAINT adult CHECK (age > 17);", engines: ["postgres", "mysql"] },
    { sql: "ALTER TABLE users ADD CONSTRAINT team FOREIGN KEY (team_id) REFERENCES teams (id);" },
  ],
  good: [
    { sql: "ALTER TABLE users ADD COLUMN age int;" },
    {
      sql: "CREATE TABLE IF NOT EXISTS users (age int CHECK (age > 0));\nALTER TABLE users MODIFY age int COMMENT 'years' CHECK (age > 0);",
      engines: ["mariadb"],
    },
    { sql: "ALTER TABLE users ADD COLUMN age int NOT NULL DEFAULT 1 CHECK (age > 0);", engines: ["mariadb"] },
    { sql: "ALTER TABLE users ADD COLUMN age int CHECK (age > 0 OR age IS NULL);", engines: ["mariadb"] },
    { sql: "ALTER TABLE users ADD COLUMN j longtext DEFAULT NULL CHECK (json_valid(j));", engines: ["mariadb"] },
    {
      sql: "ALTER TABLE users ADD COLUMN j longtext NOT NULL DEFAULT '{}' CHECK (json_valid(`j`));",
      engines: ["mariadb"],
    },
    { sql: "ALTER TABLE users ADD CONSTRAINT adult CHECK (age > 17) NOT VALID;", engines: ["postgres"] },
    { sql: "CREATE TABLE users (age int CHECK (age > 0));" },
  ],
};
