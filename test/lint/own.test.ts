import { describe, expect, test } from "vitest";
import { rules } from "../rules/judged.js";

const BASE = `CREATE TABLE orgs (id bigint PRIMARY KEY, name text); CREATE TABLE users (id bigint PRIMARY KEY, age int);
  CREATE FUNCTION known(i int) RETURNS int LANGUAGE sql AS 'SELECT i'; CREATE VIEW seen AS SELECT id FROM users;
  CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION f();`;
const SEED =
  "CREATE FUNCTION seed(n text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN INSERT INTO orgs (id, name) VALUES (5, n); END $$;";

// Running code cannot name what the file makes, so that nothing is lost when the file takes it away again.
describe("what a file has made is known to no running code", () => {
  test.each([
    `${SEED} DROP FUNCTION seed(text);`,
    `${SEED} DROP FUNCTION seed;`,
    `${SEED} ALTER FUNCTION seed(text) RENAME TO sow; DROP FUNCTION sow(text);`,
    `DROP FUNCTION IF EXISTS seed(text); ${SEED} DROP FUNCTION seed(text);`,
    `${SEED.replace("CREATE", "CREATE OR REPLACE")} DROP FUNCTION seed(text);`,
    "CREATE FUNCTION pg_temp.tf() RETURNS int LANGUAGE sql AS 'SELECT 1'; DROP FUNCTION pg_temp.tf();",
    "CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1'; DROP PROCEDURE p();",
    "CREATE AGGREGATE ag9 (int) (SFUNC = int4pl, STYPE = int); DROP AGGREGATE ag9 (int);",
    "CREATE EXTENSION hstore; DROP EXTENSION hstore;",
    "CREATE TABLE nn1 (id bigint PRIMARY KEY); CREATE PUBLICATION pb FOR TABLE nn1; ALTER PUBLICATION pb DROP TABLE nn1; DROP PUBLICATION pb;",
    "CREATE ROLE r9; REVOKE ALL ON SCHEMA public FROM r9;",
    "CREATE SCHEMA s9; CREATE TABLE s9.t (id bigint PRIMARY KEY); DROP SCHEMA s9 CASCADE;",
    "CREATE TRIGGER t9 BEFORE UPDATE ON orgs FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger(); ALTER TABLE orgs DISABLE TRIGGER t9; DROP TRIGGER t9 ON orgs;",
    "CREATE POLICY p9 ON orgs USING (true); DROP POLICY p9 ON orgs;",
    "ALTER TABLE users ADD COLUMN tmpc int; ALTER TABLE users DROP COLUMN tmpc;",
    "ALTER TABLE users ADD COLUMN tmpc int; ALTER TABLE users RENAME COLUMN tmpc TO c; ALTER TABLE users DROP COLUMN c;",
    "CREATE TABLE secrets (id bigint PRIMARY KEY); REVOKE ALL ON TABLE secrets FROM PUBLIC; GRANT SELECT ON secrets TO app;",
    "CREATE VIEW v AS SELECT id FROM users; REVOKE ALL ON v FROM PUBLIC;",
    "CREATE FUNCTION hidden() RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE EXECUTE ON FUNCTION hidden() FROM PUBLIC;",
    "CREATE OR REPLACE FUNCTION hidden() RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE EXECUTE ON FUNCTION hidden() FROM PUBLIC;",
    "CREATE SCHEMA priv; REVOKE ALL ON SCHEMA priv FROM PUBLIC; REVOKE ALL ON ALL TABLES IN SCHEMA priv FROM PUBLIC;",
    "CREATE SEQUENCE sqx; REVOKE ALL ON SEQUENCE sqx FROM anon;",
  ])("%s", async (sql) => {
    expect(await rules([BASE, sql])).toBe("");
  });

  test.each([
    // Another routine of the name, and what was there before.
    [
      "CREATE FUNCTION known(t text) RETURNS int LANGUAGE sql AS 'SELECT 1'; DROP FUNCTION known(int);",
      "breaking-running-code",
    ],
    [
      "CREATE FUNCTION known(t text) RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE ALL ON FUNCTION known(int) FROM PUBLIC;",
      "breaking-running-code",
    ],
    [
      "CREATE OR REPLACE FUNCTION known(i int) RETURNS int LANGUAGE sql AS 'SELECT 2'; DROP FUNCTION known(int);",
      "breaking-running-code",
    ],
    [
      "BEGIN; DROP FUNCTION known(int); CREATE FUNCTION known(i int) RETURNS int LANGUAGE sql AS 'SELECT i'; DROP FUNCTION known(int); COMMIT;",
      "breaking-running-code",
    ],
    [
      "BEGIN; DROP VIEW seen; CREATE VIEW seen AS SELECT id FROM users; DROP VIEW seen; COMMIT;",
      "breaking-running-code",
    ],
    [
      "BEGIN; DROP VIEW seen; CREATE VIEW seen AS SELECT id FROM users; REVOKE ALL ON seen FROM app; COMMIT;",
      "breaking-running-code",
    ],
    [
      "BEGIN; DROP TRIGGER touch ON users; CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION f(); DROP TRIGGER touch ON users; COMMIT;",
      "dropping-safeguard",
    ],
    [
      "CREATE TRIGGER touch BEFORE UPDATE ON orgs FOR EACH ROW EXECUTE FUNCTION f(); DROP TRIGGER touch ON users;",
      "dropping-safeguard",
    ],
    ["CREATE EXTENSION IF NOT EXISTS hstore; DROP EXTENSION hstore;", "breaking-running-code"],
    ["CREATE SCHEMA IF NOT EXISTS s9; DROP SCHEMA s9;", "breaking-running-code"],
    ["ALTER TABLE users ADD COLUMN IF NOT EXISTS age int; ALTER TABLE users DROP COLUMN age;", "ban-drop-column"],
    [
      "ALTER TABLE users ADD COLUMN c int; ALTER TABLE users DROP COLUMN age; ALTER TABLE users RENAME COLUMN c TO age;",
      "ban-drop-column",
    ],
    ["CREATE TABLE t (id bigint PRIMARY KEY); REVOKE ALL ON t, users FROM app;", "breaking-running-code"],
    [
      "BEGIN; CREATE FUNCTION gone() RETURNS int LANGUAGE sql AS 'SELECT 1'; ROLLBACK; DROP FUNCTION gone();",
      "breaking-running-code",
    ],
  ])("but not: %s", async (sql, rule) => {
    expect(await rules([BASE, sql])).toContain(rule);
  });

  test("OR REPLACE without the files that came before may have been there", async () => {
    expect(await rules([`${SEED.replace("CREATE", "CREATE OR REPLACE")} DROP FUNCTION seed(text);`])).toBe(
      "breaking-running-code",
    );
  });

  test("what is taken away again still takes its locks", async () => {
    const sql = "ALTER TABLE users ADD COLUMN tmpc int; ALTER TABLE users ALTER COLUMN tmpc TYPE text;";
    expect(await rules([BASE, sql])).not.toBe("");
  });
});

// PostgreSQL 18: SELECT count(*) of the parent counts the child's rows from then on.
describe("a new table becomes a child of one that others read", () => {
  const child = "CREATE TABLE kid (LIKE orgs);";
  test.each([
    [`${child} INSERT INTO kid VALUES (1, 'x'); ALTER TABLE kid INHERIT orgs;`, "breaking-running-code"],
    [`${child} ALTER TABLE kid INHERIT orgs;`, ""],
    [`${child} CREATE TABLE top (LIKE orgs); INSERT INTO kid VALUES (1, 'x'); ALTER TABLE kid INHERIT top;`, ""],
  ])("%s", async (sql, rule) => {
    expect((await rules([BASE, sql])).replace(/require-\S+ ?/g, "")).toBe(rule);
  });
});

// What IF EXISTS is about is nowhere, and the file makes it: helpers that a run which failed may have left behind.
describe("IF EXISTS of what a whole history never had, and the file makes", () => {
  test.each([
    "DROP TABLE IF EXISTS never_was; CREATE TABLE never_was (id bigint PRIMARY KEY);",
    "DROP VIEW IF EXISTS vv; CREATE VIEW vv AS SELECT id FROM users;",
    `BEGIN; DROP FUNCTION IF EXISTS seed(text); COMMIT; ${SEED}`,
  ])("%s", async (sql) => {
    expect(await rules([BASE, sql])).toBe("");
    expect(await rules([sql])).not.toBe("");
  });

  test.each([
    ["DROP TABLE IF EXISTS never_was;", "ban-drop-table"],
    ["DROP TABLE IF EXISTS users; CREATE TABLE users (id bigint PRIMARY KEY);", "ban-drop-table contradicting-history"],
    ["DROP TABLE IF EXISTS never_was; CREATE VIEW never_was AS SELECT id FROM users;", "ban-drop-table"],
    ["BEGIN; DROP VIEW IF EXISTS seen; COMMIT; CREATE VIEW seen AS SELECT id FROM users;", "breaking-running-code"],
    ["DROP FUNCTION IF EXISTS never(); CREATE TABLE never (id bigint PRIMARY KEY);", "breaking-running-code"],
  ])("but not: %s", async (sql, rule) => {
    expect(await rules([BASE, sql])).toBe(rule);
  });
});

describe.each(["mysql", "mariadb"] as const)("on %s", (engine) => {
  const base = "CREATE TABLE items (id int PRIMARY KEY, sku varchar(20));";
  test.each([
    "CREATE PROCEDURE p2() SELECT 1; DROP PROCEDURE p2;",
    "CREATE TRIGGER tz BEFORE INSERT ON items FOR EACH ROW SET NEW.sku = 'x'; DROP TRIGGER tz;",
    "CREATE FUNCTION fz() RETURNS int DETERMINISTIC RETURN 1; DROP FUNCTION fz;",
    "DROP TABLE IF EXISTS never_was; CREATE TABLE never_was (id bigint PRIMARY KEY);",
    "DROP VIEW IF EXISTS vv; CREATE VIEW vv AS SELECT 1 AS a;",
    "DROP PROCEDURE IF EXISTS p1; CREATE PROCEDURE p1() SELECT 1; DROP PROCEDURE IF EXISTS p1;",
    "ALTER TABLE items ADD COLUMN c int; ALTER TABLE items DROP COLUMN C, ALGORITHM=INPLACE, LOCK=NONE;",
  ])("%s", async (sql) => {
    expect(await rules([base, sql], engine)).not.toMatch(/breaking-running-code|dropping-safeguard|ban-drop/);
  });
});
