import type { EngineName } from "../src/engines/engine.js";
import { domainDefault } from "../src/engines/postgres/effects/domain-default.js";
import { typeFacts } from "../src/engines/postgres/effects/types.js";
import { volatilityIn } from "../src/engines/postgres/effects/volatility.js";
import type { Catalog } from "../src/model/catalog.js";
import type { ColumnDefinition } from "../src/model/operation.js";
import { longLock } from "./locks.js";
import { ALL_ENGINES, type Rule } from "./rule.js";

/** Why the server visits every row that is there; null when it is not for a value. */
function reason(column: ColumnDefinition, ofDomain: string | null, engine: EngineName): string | null {
  if (column.generated !== null) return "to compute the generated expression";
  if (column.identity !== null || column.autoIncrement) return "to number the rows";
  // MySQL and MariaDB compute per row only what is no literal; literals are kept in the catalog.
  const perRow = engine === "postgres" || /[(]/.test(column.default ?? "");
  if (column.default !== null && perRow) return `to compute the default ${column.default}`;
  if (ofDomain !== null) return `to compute the default ${ofDomain} of the domain ${column.type}`;
  return engine === "postgres" ? `because of the type ${column.type}` : null;
}

/** The default of a column's domain, where each row gets its own value of it (PostgreSQL). */
function computedByDomain({ type }: ColumnDefinition, catalog: Catalog): string | null {
  const value = domainDefault(type, catalog);
  return value !== null && typeFacts(type, catalog).free && volatilityIn(value, catalog).volatile ? value : null;
}

/** A default of NULL keeps the domain's from the rows that are there; without it new ones have that of the domain again. */
const helpOf = (table: string, name: string, { type }: ColumnDefinition): string =>
  `Write ALTER TABLE ${table} ADD COLUMN ${name} ${type} DEFAULT NULL; and ALTER TABLE ${table} ALTER COLUMN ${name} DROP DEFAULT; behind it, so that new rows get the domain's default, and fill the old rows in batches; \`zmigrate plan\` does so where it can.`;

export const rule: Rule = {
  id: "adding-field-with-default",
  engines: ALL_ENGINES,
  severity: "error",
  protects:
    "A value that is computed for every row makes the server write the whole table again while nobody can use it.",
  check({ operation, effect, engine, catalog }) {
    if (operation.kind !== "add-column" || !effect.rewrite) return null;
    const lock = longLock(effect);
    const { column } = operation;
    const ofDomain = column.default === null && engine.name === "postgres" ? computedByDomain(column, catalog) : null;
    const why = reason(column, ofDomain, engine.name);
    if (why === null || lock === null) return null;
    const blocked = lock.blocks === "reads" ? "reads and writes wait" : "writes wait";
    const name = engine.quote(column.name);
    const message = `The table is written again ${why}, and ${blocked} until that is done (${lock.mode}).`;
    if (ofDomain !== null) return { message, help: helpOf(engine.quoteRelation(operation.relation), name, column) };
    return {
      message,
      help: `Add ${name} without it, let new rows fill it, and fill the old rows in batches; \`zmigrate plan\` does so where it can.`,
    };
  },
  bad: [
    { sql: "ALTER TABLE users ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid();", engines: ["postgres"] },
    {
      sql: "CREATE DOMAIN uid AS uuid DEFAULT gen_random_uuid();\nALTER TABLE users ADD COLUMN token uid;",
      engines: ["postgres"],
    },
    { sql: "ALTER TABLE users ADD COLUMN n bigserial;", engines: ["postgres"] },
    { sql: "ALTER TABLE users ADD COLUMN n bigint GENERATED ALWAYS AS IDENTITY;", engines: ["postgres"] },
    { sql: "ALTER TABLE users ADD COLUMN g int GENERATED ALWAYS AS (1 + 1) STORED;" },
    { sql: "ALTER TABLE users ADD COLUMN token varchar(36) DEFAULT (uuid());", engines: ["mysql", "mariadb"] },
  ],
  good: [
    {
      sql: "CREATE DOMAIN uid AS uuid DEFAULT gen_random_uuid();\nALTER TABLE users ADD COLUMN token uid DEFAULT NULL;\nALTER TABLE users ALTER COLUMN token DROP DEFAULT;",
      engines: ["postgres"],
    },
    {
      sql: "CREATE DOMAIN zero AS int DEFAULT 0;\nALTER TABLE users ADD COLUMN n zero NOT NULL;",
      engines: ["postgres"],
    },
    { sql: "ALTER TABLE users ADD COLUMN age int NOT NULL DEFAULT 0;" },
    { sql: "ALTER TABLE users ADD COLUMN created_at timestamptz NOT NULL DEFAULT now();", engines: ["postgres"] },
    {
      sql: "CREATE TABLE users (id int);\nALTER TABLE users ADD COLUMN r double precision DEFAULT random();",
      engines: ["postgres"],
    },
  ],
};
