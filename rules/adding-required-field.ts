import { defaultOf } from "../src/engines/postgres/effects/domain-default.js";
import type { Catalog } from "../src/model/catalog.js";
import type { ColumnDefinition } from "../src/model/operation.js";
import { ALL_ENGINES, type Rule } from "./rule.js";

/** DEFAULT NULL is none. */
const hasDefault = ({ default: value }: ColumnDefinition): boolean =>
  value !== null && !/^\(*\s*null\b\s*(?:::|\)|$)/i.test(value);

function fillsItself(column: ColumnDefinition, catalog: Catalog): boolean {
  return (
    hasDefault({ ...column, default: defaultOf(column, catalog) }) ||
    column.generated !== null ||
    column.identity !== null ||
    column.autoIncrement
  );
}

export const rule: Rule = {
  id: "adding-required-field",
  engines: ALL_ENGINES,
  severity: "error",
  protects:
    "A NOT NULL column without a default fails on rows that are there, and fails every INSERT of code that does not know it.",
  check({ operation, engine, catalog }) {
    if (operation.kind !== "add-column") return null;
    const { column } = operation;
    if (!(column.notNull || column.primaryKey) || fillsItself(column, catalog)) return null;
    const rows =
      engine.name === "postgres" ? "The statement fails if the table holds a row" : "Rows get an implicit value";
    const table = engine.quoteRelation(operation.relation);
    return {
      message: `${rows}, and an INSERT by code that does not know ${engine.quote(column.name)} fails.`,
      help: `Give it a default: ALTER TABLE ${table} ADD COLUMN ${engine.quote(column.name)} ${column.type} NOT NULL DEFAULT ...; or add it without NOT NULL.`,
    };
  },
  bad: [
    { sql: "ALTER TABLE users ADD COLUMN age int NOT NULL;" },
    {
      sql: "CREATE DOMAIN years AS int DEFAULT 0;\nALTER TABLE users ADD COLUMN age years NOT NULL DEFAULT NULL;",
      engines: ["postgres"],
    },
    { sql: "ALTER TABLE users ADD COLUMN age int NOT NULL DEFAULT NULL;", engines: ["postgres"] },
    { sql: "ALTER TABLE users ADD COLUMN age int NOT NULL DEFAULT NULL::int;", engines: ["postgres"] },
  ],
  good: [
    { sql: "ALTER TABLE users ADD COLUMN age int NOT NULL DEFAULT 0;" },
    { sql: "ALTER TABLE users ADD COLUMN age int;" },
    {
      sql: "CREATE DOMAIN years AS int DEFAULT 0;\nALTER TABLE users ADD COLUMN age years NOT NULL;",
      engines: ["postgres"],
    },
    { sql: "CREATE TABLE users (age int NOT NULL);" },
  ],
};
