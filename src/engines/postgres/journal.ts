import { DummyDriver, type Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely";
import type { JournalDialect, ServerInfo } from "../engine.js";
import { quote } from "./names.js";

const CREATE = [
  `CREATE SCHEMA IF NOT EXISTS zmigrate`,
  `CREATE TABLE IF NOT EXISTS zmigrate.meta (name varchar(64) PRIMARY KEY, value text NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS zmigrate.migrations (
     id varchar(14) PRIMARY KEY, name text NOT NULL, file text NOT NULL, checksum varchar(64) NOT NULL,
     status varchar(20) NOT NULL, plan text NOT NULL, expand_release varchar(255), swap_release varchar(255),
     started_at timestamptz(3), expanded_at timestamptz(3), backfilled_at timestamptz(3), swapped_at timestamptz(3),
     finished_at timestamptz(3), error text)`,
  `CREATE TABLE IF NOT EXISTS zmigrate.steps (
     migration_id varchar(14) NOT NULL, step_id varchar(120) NOT NULL, ordinal int NOT NULL, status varchar(20) NOT NULL,
     attempts int NOT NULL DEFAULT 0, started_at timestamptz(3), finished_at timestamptz(3), error text,
     PRIMARY KEY (migration_id, step_id))`,
  `CREATE TABLE IF NOT EXISTS zmigrate.backfills (
     migration_id varchar(14) NOT NULL, step_id varchar(120) NOT NULL, key_columns text NOT NULL, cursor_key text,
     upper_key text, rows_done bigint NOT NULL DEFAULT 0, rows_changed bigint NOT NULL DEFAULT 0,
     rows_total bigint NOT NULL DEFAULT 0, batches bigint NOT NULL DEFAULT 0, batch_rows int NOT NULL,
     rate double precision NOT NULL DEFAULT 0, state varchar(20) NOT NULL, waiting_for text,
     updated_at timestamptz(3) NOT NULL, PRIMARY KEY (migration_id, step_id))`,
  `CREATE TABLE IF NOT EXISTS zmigrate.ranges (
     migration_id varchar(14) NOT NULL, step_id varchar(120) NOT NULL, ordinal bigint NOT NULL, cursor_key text,
     upper_key text NOT NULL, rows_done bigint NOT NULL DEFAULT 0, rows_changed bigint NOT NULL DEFAULT 0,
     batches bigint NOT NULL DEFAULT 0, rate double precision NOT NULL DEFAULT 0, worker varchar(64) NOT NULL,
     leased_until timestamptz(3) NOT NULL, PRIMARY KEY (migration_id, step_id, ordinal))`,
  `CREATE TABLE IF NOT EXISTS zmigrate.controls (
     migration_id varchar(14) NOT NULL PRIMARY KEY, wish varchar(20) NOT NULL, max_lag_ms bigint, batch_target_ms bigint,
     reason text, who varchar(255) NOT NULL, host varchar(255) NOT NULL, at timestamptz(3) NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS zmigrate.bad_rows (
     migration_id varchar(14) NOT NULL, step_id varchar(120) NOT NULL, ordinal bigint NOT NULL, row_key text NOT NULL,
     reason text NOT NULL, at timestamptz(3) NOT NULL, PRIMARY KEY (migration_id, step_id, ordinal))`,
  `CREATE TABLE IF NOT EXISTS zmigrate.audit (
     id varchar(36) PRIMARY KEY, at timestamptz(3) NOT NULL, action varchar(60) NOT NULL, migration_id varchar(14),
     step_id varchar(120), who varchar(255) NOT NULL, host varchar(255) NOT NULL, app_release varchar(255), detail text)`,
];

export const postgresJournal: JournalDialect = Object.freeze({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db: Kysely<unknown>) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
  table: (name: string) => `zmigrate.${name}`,
  schema: "SELECT pg_catalog.current_schema()::text AS schema",
  exists: "SELECT 1 AS found FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass('zmigrate.meta')",
  isAbsent: () => false,
  grants: ({ user }: ServerInfo, use: "read" | "write") => [
    `GRANT ${use === "read" ? "USAGE" : "USAGE, CREATE"} ON SCHEMA zmigrate TO ${quote(user)}`,
    `GRANT ${use === "read" ? "SELECT" : "SELECT, INSERT, UPDATE, DELETE"} ON ALL TABLES IN SCHEMA zmigrate TO ${quote(user)}`,
  ],
  create: CREATE,
  transactionalDdl: true,
});
