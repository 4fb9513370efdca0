import { findTable } from "../src/engines/engine.js";
import { hasSameIndex, hasSameKey } from "../src/engines/found-by-key.js";
import { tableOfIndex } from "../src/engines/table-lookup.js";
import type { Table } from "../src/model/catalog.js";
import { isKeyPutBack } from "./key-put-back.js";
import { blockedBy, longLock } from "./locks.js";
import { ALL_ENGINES, type Rule, type RuleContext, type Verdict } from "./rule.js";
import { detailOf } from "./understood.js";

const KEYS: ReadonlySet<string> = new Set(["primary-key", "unique", "exclusion"]);

/** An index is named without its table on PostgreSQL. */
function tableOf({ operation, catalog, engine }: RuleContext): Table | null {
  const index = detailOf(operation, "drop-index")?.index;
  if (index !== undefined && engine.name === "postgres") return tableOfIndex(catalog, index);
  return operation.relation === null ? null : findTable(catalog, operation.relation);
}

/** The name of a unique index or key that goes; null where it is none, or its kind is not known. */
function keyOf(context: RuleContext): string | null {
  const constraint = detailOf(context.operation, "drop-constraint");
  if (constraint?.constraint === "primary-key") return constraint.name ?? "PRIMARY KEY";
  const name = constraint?.name ?? detailOf(context.operation, "drop-index")?.index.name ?? null;
  if (name === null) return null;
  const table = tableOf(context);
  const known =
    table?.constraints.some((one) => one.name === name && KEYS.has(one.kind)) === true ||
    (table?.indexes.some((one) => one.name === name && one.unique) === true && !hasSameKey(table, name));
  if (context.engine.name !== "postgres" && table !== null && hasSameIndex(table, name)) return null;
  // PostgreSQL's own names for the constraints of a table that is not known.
  const named = context.engine.name === "postgres" && constraint !== null && /_(?:pkey|key|excl)$/.test(name);
  return known || named ? name : null;
}

/** The key that CREATE OR REPLACE INDEX puts another one in the place of (MariaDB); null where the new one lets no more rows in. */
function replacedKey({ operation, catalog }: RuleContext): string | null {
  const made = detailOf(operation, "replace-index")?.index;
  const table = made === undefined ? null : findTable(catalog, made.relation);
  const is = (a: string, b: string | null | undefined) => a.toLowerCase() === b?.toLowerCase();
  const old = table?.indexes.find(({ name }) => is(name, made?.name));
  if (made === undefined || table === null || old === undefined || !old.unique) return null;
  const isKept = made.unique && made.keys.every(({ column }) => old.columns.some((one) => is(one, column)));
  return isKept || hasSameKey(table, old.name) ? null : old.name;
}

function check(context: RuleContext): Verdict | null {
  const { engine, phase, effect } = context;
  const lock = longLock(effect);
  const key = phase === "contract" ? null : (keyOf(context) ?? replacedKey(context));
  if (key === null || isKeyPutBack(context)) return null;
  const upsert =
    engine.name === "postgres"
      ? "INSERT ... ON CONFLICT on its columns fails (42P10)"
      : "ON DUPLICATE KEY UPDATE and REPLACE insert a second row instead";
  return {
    message: `Without ${engine.quote(key)} duplicates are possible, and in running code ${upsert}.${lock === null ? "" : ` All ${blockedBy(lock)} of the table wait until it is done.`}`,
    ...(lock === null ? {} : { severity: "error" as const }),
    help: "First deploy code that needs neither the key nor the upsert; then drop it under `-- zmigrate:phase contract`.",
  };
}

export const rule: Rule = {
  id: "dropping-key",
  engines: ALL_ENGINES,
  severity: "warning",
  protects: "Upserts of running code need the unique key that they name, and duplicates come in without it.",
  check,
  bad: [
    { sql: "ALTER TABLE users DROP CONSTRAINT users_pkey;", engines: ["postgres"] },
    { sql: "ALTER TABLE users DROP PRIMARY KEY;", engines: ["mysql", "mariadb"] },
    {
      sql: "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, mail varchar(90), UNIQUE KEY old (mail(9)));\nALTER TABLE users DROP INDEX old, ADD UNIQUE KEY new (mail);",
      engines: ["mysql", "mariadb"],
    },
  ],
  good: [
    { sql: "ALTER TABLE users DROP CONSTRAINT users_age_check;", engines: ["postgres"] },
    {
      sql: "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY);\nCREATE UNIQUE INDEX CONCURRENTLY users_id ON users (id);\nALTER TABLE users DROP CONSTRAINT users_pkey, ADD CONSTRAINT users_pkey PRIMARY KEY USING INDEX users_id;",
      engines: ["postgres"],
    },
    { sql: "-- zmigrate:phase contract\nALTER TABLE users DROP CONSTRAINT users_pkey;", engines: ["postgres"] },
    { sql: "ALTER TABLE users DROP INDEX users_name;", engines: ["mysql", "mariadb"] },
    {
      sql: "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, mail varchar(90), UNIQUE KEY old (mail));\nALTER TABLE users ADD UNIQUE KEY new (mail);\nALTER TABLE users DROP INDEX old;",
      engines: ["mysql", "mariadb"],
    },
  ],
};
