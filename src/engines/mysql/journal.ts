import { type Dialect, DummyDriver, MysqlAdapter, MysqlIntrospector, MysqlQueryCompiler } from "kysely";
import type { JournalDialect, ServerInfo } from "../engine.js";
import { numberOf } from "./execute/errors.js";
import { account } from "./execute/preflight.js";
import { quote } from "./names.js";

/** ER_NO_SUCH_TABLE. Who may not read a table gets another one, whether it is there or not. */
const NO_SUCH_TABLE = 1146;

/** What reading the journal touches: there are no wildcards for tables in a GRANT. */
const TABLES = ["meta", "migrations", "steps", "backfills", "ranges", "controls", "audit"].map(
  (name) => `zmigrate_${name}`,
);

/** Compared byte for byte: ids and steps differ by case, whatever the database's collation is. */
const OPTIONS = "ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";

const CREATE = [
  `CREATE TABLE IF NOT EXISTS zmigrate_meta (name varchar(64) NOT NULL PRIMARY KEY, value longtext NOT NULL) ${OPTIONS}`,
  `CREATE TABLE IF NOT EXISTS zmigrate_migrations (
     id varchar(14) NOT NULL PRIMARY KEY, name longtext NOT NULL, file longtext NOT NULL, checksum varchar(64) NOT NULL,
     status varchar(20) NOT NULL, plan longtext NOT NULL, expand_release varchar(255), swap_release varchar(255),
     started_at datetime(3), expanded_at datetime(3), backfilled_at datetime(3), swapped_at datetime(3),
     finished_at datetime(3), error longtext) ${OPTIONS}`,
  `CREATE TABLE IF NOT EXISTS zmigrate_steps (
     migration_id varchar(14) NOT NULL, step_id varchar(120) NOT NULL, ordinal int NOT NULL, status varchar(20) NOT NULL,
     attempts int NOT NULL DEFAULT 0, started_at datetime(3), finished_at datetime(3), error longtext,
     PRIMARY KEY (migration_id, step_id)) ${OPTIONS}`,
  `CREATE TABLE IF NOT EXISTS zmigrate_backfills (
     migration_id varchar(14) NOT NULL, step_id varchar(120) NOT NULL, key_columns longtext NOT NULL, cursor_key longtext,
     upper_key longtext, rows_done bigint NOT NULL DEFAULT 0, rows_changed bigint NOT NULL DEFAULT 0,
     rows_total bigint NOT NULL DEFAULT 0, batches bigint NOT NULL DEFAULT 0, batch_rows int NOT NULL,
     rate double NOT NULL DEFAULT 0, state varchar(20) NOT NULL, waiting_for longtext,
     updated_at datetime(3) NOT NULL, PRIMARY KEY (migration_id, step_id)) ${OPTIONS}`,
  `CREATE TABLE IF NOT EXISTS zmigrate_ranges (
     migration_id varchar(14) NOT NULL, step_id varchar(120) NOT NULL, ordinal bigint NOT NULL, cursor_key longtext,
     upper_key longtext NOT NULL, rows_done bigint NOT NULL DEFAULT 0, rows_changed bigint NOT NULL DEFAULT 0,
     batches bigint NOT NULL DEFAULT 0, rate double NOT NULL DEFAULT 0, worker varchar(64) NOT NULL,
     leased_until datetime(3) NOT NULL, PRIMARY KEY (migration_id, step_id, ordinal)) ${OPTIONS}`,
  `CREATE TABLE IF NOT EXISTS zmigrate_controls (
     migration_id varchar(14) NOT NULL PRIMARY KEY, wish varchar(20) NOT NULL, max_lag_ms bigint, batch_target_ms bigint,
     reason longtext, who varchar(255) NOT NULL, host varchar(255) NOT NULL, at datetime(3) NOT NULL) ${OPTIONS}`,
  `CREATE TABLE IF NOT EXISTS zmigrate_bad_rows (
     migration_id varchar(14) NOT NULL, step_id varchar(120) NOT NULL, ordinal bigint NOT NULL, row_key longtext NOT NULL,
     reason longtext NOT NULL, at datetime(3) NOT NULL, PRIMARY KEY (migration_id, step_id, ordinal)) ${OPTIONS}`,
  `CREATE TABLE IF NOT EXISTS zmigrate_audit (
     id varchar(36) NOT NULL PRIMARY KEY, at datetime(3) NOT NULL, action varchar(60) NOT NULL, migration_id varchar(14),
     step_id varchar(120), who varchar(255) NOT NULL, host varchar(255) NOT NULL, app_release varchar(255), detail longtext) ${OPTIONS}`,
  `CREATE TABLE IF NOT EXISTS zmigrate_runner (
     id tinyint NOT NULL PRIMARY KEY, connection_id bigint unsigned NOT NULL, application varchar(255) NOT NULL) ${OPTIONS}`,
];

/** For compiling only: no connection is ever opened by it. */
const DIALECT: Dialect = {
  createAdapter: () => new MysqlAdapter(),
  createDriver: () => new DummyDriver(),
  createIntrospector: (db) => new MysqlIntrospector(db),
  createQueryCompiler: () => new MysqlQueryCompiler(),
};

/** DDL commits by itself here, so a step and its row cannot commit together: steps have probes instead. */
export const mysqlJournal: JournalDialect = Object.freeze({
  dialect: DIALECT,
  table: (name: string) => `zmigrate_${name}`,
  // Not from information_schema: to a user who may not read the table it would look as if there was none.
  exists: "SELECT COUNT(*) AS found FROM zmigrate_meta",
  isAbsent: (error: unknown) => numberOf(error) === NO_SUCH_TABLE,
  grants(server: ServerInfo, use: "read" | "write") {
    const to = account(server.user);
    if (use === "write")
      return [`GRANT SELECT, INSERT, UPDATE, DELETE, CREATE ON ${quote(server.database)}.* TO ${to}`];
    return TABLES.map((name) => `GRANT SELECT ON ${quote(server.database)}.${quote(name)} TO ${to}`);
  },
  // Without it no GRANT on the tables is taken: error 1146.
  grantUnbegun: (server: ServerInfo) => `GRANT SELECT ON ${quote(server.database)}.* TO ${account(server.user)}`,
  create: CREATE,
  transactionalDdl: false,
});
