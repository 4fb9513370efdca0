import { describe, expect, test } from "vitest";
import { rules } from "./judged.js";

const BASE =
  "CREATE TABLE users (id bigint PRIMARY KEY); CREATE TABLE alembic_version (version_num varchar(32) NOT NULL);";
const EF = (what: string) =>
  `DO $EF$ BEGIN IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = 'x') THEN ${what} END IF; END $EF$;`;

describe("a migration tool's own table holds a few rows, and nobody else uses it", () => {
  test.each([
    "BEGIN; ALTER TABLE users ADD COLUMN a int; UPDATE alembic_version SET version_num='b' WHERE alembic_version.version_num = 'a'; COMMIT;",
    "BEGIN; ALTER TABLE users ADD COLUMN a int; DELETE FROM alembic_version WHERE version_num = 'a'; COMMIT;",
    "UPDATE databasechangeloglock SET LOCKED = TRUE, LOCKEDBY = 'x', LOCKGRANTED = NOW() WHERE ID = 1 AND LOCKED = FALSE;",
    "UPDATE public.DATABASECHANGELOG SET MD5SUM = NULL;",
    `START TRANSACTION; ${EF('ALTER TABLE users ADD "Zz" integer;')} ${EF(`INSERT INTO "__EFMigrationsHistory" VALUES ('x', '8.0');`)} COMMIT;`,
    "BEGIN; ALTER TABLE users ADD COLUMN a int; INSERT INTO schema_migrations (version) SELECT version FROM supabase_migrations.schema_migrations; COMMIT;",
    "BEGIN; ALTER TABLE users ADD COLUMN a int; SELECT version FROM flyway_schema_history; COMMIT;",
  ])("%s", async (sql) => {
    expect(await rules([BASE, sql])).toBe("");
  });

  test.each([
    "UPDATE `DATABASECHANGELOGLOCK` SET LOCKED = 1 WHERE ID = 1 AND LOCKED = 0;",
    "UPDATE alembic_version SET version_num='b' WHERE alembic_version.version_num = 'a';",
  ])("%s (MySQL, MariaDB)", async (sql) => {
    expect(await rules([sql], "mysql")).toBe("");
    expect(await rules([sql], "mariadb")).toBe("");
  });

  test.each([
    ["UPDATE users SET id = 1 FROM alembic_version;", "unbatched-data-change"],
    ["UPDATE alembic_version SET version_num = users.id FROM users;", "unbatched-data-change"],
    ["UPDATE alembic_versions SET version_num = 'b';", "unbatched-data-change"],
    ["DELETE FROM schema_migrations;", "unbatched-data-change"],
  ])("but not: %s", async (sql, found) => {
    expect(await rules([BASE, sql])).toBe(found);
  });
});
