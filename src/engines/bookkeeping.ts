import type { Catalog } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";
import { findTable } from "./engine.js";

/** Where tools note what has run: in lower case, as each of them makes its table. */
const TABLES: ReadonlySet<string> = new Set([
  "__diesel_schema_migrations",
  "__drizzle_migrations",
  "__efmigrationshistory",
  "__migrationhistory",
  "_prisma_migrations",
  "_sqlx_migrations",
  "alembic_version",
  "ar_internal_metadata",
  "atlas_schema_revisions",
  "databasechangelog",
  "databasechangeloglock",
  "django_migrations",
  "doctrine_migration_versions",
  "flyway_schema_history",
  "goose_db_version",
  "gorp_migrations",
  "knex_migrations",
  "knex_migrations_lock",
  "kysely_migration",
  "kysely_migration_lock",
  "mikro_orm_migrations",
  "phinxlog",
  "pgmigrations",
  "play_evolutions",
  "play_evolutions_lock",
  "refinery_schema_history",
  "schema_migrations",
  "seaql_migrations",
  "sequelizemeta",
]);

/** Names that an application may have for a table of its own, too: those that no file makes are the tool's. */
const PLAIN: ReadonlySet<string> = new Set([
  "_migrations",
  "bun_migration_locks",
  "bun_migrations",
  "gopg_migrations",
  "migration_versions",
  "migrations",
  "schema_info",
  "schema_version",
  "schemaversions",
  "typeorm_metadata",
  "versioninfo",
]);

/** Whether a table is a migration tool's own: a few rows, which no application uses. */
export function isBookkeeping(relation: RelationName, catalog: Catalog): boolean {
  const name = relation.name.toLowerCase();
  return TABLES.has(name) || (PLAIN.has(name) && findTable(catalog, relation) === null);
}
