import { describe, expect, test } from "vitest";
import { allRules, rules } from "./judged.js";

const USERS =
  "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, nick text CONSTRAINT Given NOT NULL, n int GENERATED ALWAYS AS IDENTITY, age int, CONSTRAINT own NOT NULL age);";

// Seen on PostgreSQL 18, where every NOT NULL has a name.
describe("NOT NULL is dropped by its name", () => {
  test.each(["users_name_not_null", "given", "own"])("%s", async (name) => {
    const sql = `ALTER TABLE users DROP CONSTRAINT ${name};`;
    expect(await rules([USERS, sql], "postgres", "18")).toBe("ban-drop-not-null");
    expect(await rules([USERS, sql.replace("DROP CONSTRAINT", "DROP CONSTRAINT IF EXISTS")], "postgres", "18")).toBe(
      "ban-drop-not-null",
    );
  });

  test("is not there before, and stays where a key needs it", async () => {
    const sql = "ALTER TABLE users DROP CONSTRAINT users_name_not_null;";
    expect(await rules([USERS, sql], "postgres", "17")).toBe("failing-statement");
    expect(await rules([USERS, sql.replace("CONSTRAINT", "CONSTRAINT IF EXISTS")], "postgres", "17")).toBe("");
    expect(await rules([USERS, sql.replace("_name_", "_id_")], "postgres", "18")).toBe(
      "ban-drop-not-null failing-statement",
    );
  });

  test("of a table that no file made", async () => {
    expect(await rules(["ALTER TABLE t DROP CONSTRAINT t_a_not_null;"], "postgres", "18")).toBe("ban-drop-not-null");
    expect(await rules(["ALTER TABLE t DROP CONSTRAINT t_a_check;"], "postgres", "18")).toBe("");
  });

  test("and the history knows it", async () => {
    const dropped = "ALTER TABLE users DROP CONSTRAINT users_name_not_null;";
    const again = "ALTER TABLE users ALTER COLUMN name SET NOT NULL;";
    expect(await rules([USERS, again], "postgres", "18")).toBe("");
    expect(await rules([USERS, dropped, again], "postgres", "18")).toBe("adding-not-nullable-field");
  });
});

describe("IF NOT EXISTS keeps another index", () => {
  const base =
    "CREATE TABLE users (id bigint PRIMARY KEY, org_id bigint, age int); CREATE INDEX users_i ON users (org_id);";

  test.each([
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS users_i ON users (age);",
    "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS users_i ON users (org_id);",
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS users_i ON users USING hash (org_id);",
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS users_i ON users (org_id) WHERE age > 1;",
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS users_i ON users (org_id, age);",
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS users_i ON orgs (org_id);",
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS users_pkey ON users (age);",
  ])("%s", async (sql) => {
    expect(await rules([base, sql])).toContain("keeping-other-index");
  });

  test.each([
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS users_i ON users (org_id);",
    'CREATE INDEX CONCURRENTLY IF NOT EXISTS users_i ON public."users" USING btree ( "org_id" );',
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS other ON users (age);",
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS other.users_i ON other.users (age);".replace("other.users_i", "users_i"),
  ])("but not %s", async (sql) => {
    expect(await rules([base, sql])).toBe("");
  });

  test("on MariaDB", async () => {
    const other = "CREATE INDEX IF NOT EXISTS users_i ON users (age);";
    expect(await rules([base, other], "mariadb")).toBe("keeping-other-index");
    expect(await rules([base, other.replace("(age)", "(`org_id`)")], "mariadb")).toBe("");
  });
});

describe.each(["postgres", "mysql", "mariadb"] as const)("%s: IF NOT EXISTS keeps another table", (engine) => {
  const base = "CREATE TABLE users (id bigint PRIMARY KEY, name varchar(10), n integer);";

  test.each([
    "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, brand_new text);",
    "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, name varchar(20));",
  ])("%s", async (sql) => {
    expect(await rules([base, sql], engine)).toBe("keeping-other-table");
  });

  test.each(["CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, name varchar (10), n int);"])(
    "but not %s",
    async (sql) => {
      expect(await rules([base, sql], engine)).toBe("");
    },
  );
});

describe("the rest of a failed build is no index", () => {
  const base = "CREATE TABLE users (id bigint PRIMARY KEY, age int);";
  const build = "CREATE INDEX CONCURRENTLY users_age ON users (age);";

  test("so that there is no gap", async () => {
    const sql = `DROP INDEX CONCURRENTLY IF EXISTS users_age; ${build}`;
    expect(await allRules([base, sql])).toBe("");
    expect(await allRules([sql])).toBe("");
    expect(
      await rules([base, "DROP INDEX IF EXISTS users_age; CREATE INDEX CONCURRENTLY users_age ON users (age);"]),
    ).toBe("require-concurrent-index-deletion");
  });

  test("but what the history has is one", async () => {
    const indexed = `${base} CREATE INDEX users_age ON users (id);`;
    expect(await rules([indexed, `DROP INDEX CONCURRENTLY IF EXISTS users_age; ${build}`])).toBe("index-gap");
    expect(await rules([`DROP INDEX CONCURRENTLY users_age; ${build}`])).toBe("index-gap");
  });
});

// PostgreSQL: 28000, 28P01, 53300; open sessions go on.
describe("who logs in with a role is locked out", () => {
  test.each([
    "ALTER ROLE app RENAME TO app2;",
    "ALTER ROLE app NOLOGIN;",
    "ALTER USER app WITH NOLOGIN;",
    "ALTER ROLE app PASSWORD 'secret';",
    "ALTER ROLE app PASSWORD NULL;",
    "ALTER ROLE app VALID UNTIL '2027-01-01';",
    "ALTER ROLE app CONNECTION LIMIT 0;",
    "ALTER ROLE app NOSUPERUSER;",
    "ALTER ROLE app NOBYPASSRLS;",
    "ALTER ROLE app SET search_path = other;",
    "ALTER GROUP readers DROP USER app;",
    "ALTER DATABASE shop ALLOW_CONNECTIONS false;",
    "ALTER DATABASE shop CONNECTION LIMIT 5;",
    "ALTER DATABASE shop SET default_transaction_read_only = on;",
  ])("%s", async (sql) => {
    expect(await rules([sql])).toBe("breaking-running-code");
    expect(await rules([`-- zmigrate:phase contract\n${sql}`])).toBe("");
  });

  test.each([
    "ALTER ROLE app LOGIN;",
    "ALTER ROLE app VALID UNTIL 'infinity';",
    "ALTER ROLE app CONNECTION LIMIT -1;",
    "ALTER ROLE app CREATEDB;",
    "ALTER ROLE app SET work_mem = '1MB';",
    "ALTER GROUP readers ADD USER app;",
    "ALTER DATABASE shop ALLOW_CONNECTIONS true;",
    "CREATE ROLE app LOGIN; ALTER ROLE app PASSWORD 'secret'; ALTER ROLE app NOLOGIN;",
  ])("but not by %s", async (sql) => {
    expect(await rules([sql])).toBe("");
  });

  test("a role of the file is no table of its name", async () => {
    expect(await rules(["CREATE ROLE users; DROP TABLE users;"])).toBe("ban-drop-table");
  });
});
