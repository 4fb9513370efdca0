import { describe, expect, test } from "vitest";
import { allRules, rules } from "./judged.js";

const BASE =
  "CREATE TABLE users (id bigint PRIMARY KEY, mail text, gone timestamptz, CONSTRAINT ck CHECK (id > 0)); CREATE INDEX ui ON users (mail);";
const VIEW = `${BASE} CREATE VIEW v AS SELECT id, mail FROM users WHERE gone IS NULL;`;
const view = (query: string) => `CREATE OR REPLACE VIEW v AS ${query};`;

// PostgreSQL 18: 42P16 cannot change name of view column, cannot drop columns from view.
describe("a view that is replaced keeps its columns", () => {
  test.each([
    "SELECT mail, id FROM users",
    "SELECT id FROM users",
    "SELECT id, mail AS address FROM users",
    "SELECT users.id, gone FROM users",
    "SELECT id, lower(mail) FROM users",
    "SELECT id, mail::varchar FROM users",
    "SELECT mail, id FROM users UNION SELECT mail, id FROM users",
  ])("%s", async (query) => {
    expect(await rules([VIEW, view(query)])).toBe("contradicting-history");
  });

  test.each([
    "SELECT id, mail, gone FROM users",
    "SELECT * FROM users",
    "SELECT u.id, lower(mail) AS mail FROM users u",
    "SELECT id, mail::text FROM users",
    "SELECT id, CASE WHEN gone IS NULL THEN mail END FROM users",
    "SELECT * FROM users JOIN orders USING (id)",
    "VALUES (1)",
  ])("but not %s", async (query) => {
    expect(await rules([VIEW, view(query)])).not.toContain("contradicting-history");
  });

  test("where it has others by then, or is not known", async () => {
    const two = view("SELECT id FROM users");
    expect(await rules([VIEW, "DROP VIEW v; CREATE VIEW v AS SELECT id FROM users;", two])).toBe("");
    expect(await rules([VIEW, "ALTER VIEW v RENAME COLUMN id TO key;", two])).toBe("");
    expect(await rules([`${BASE} CREATE VIEW v (x) AS SELECT id FROM users;`, two])).toBe("contradicting-history");
    expect(await rules([BASE, two])).toBe("");
    expect(await rules([`${BASE} CREATE VIEW v AS SELECT * FROM users;`, two])).toBe("contradicting-history");
  });
});

describe.each(["postgres", "mysql", "mariadb"] as const)("%s: a name that is taken", (engine) => {
  const base =
    "CREATE TABLE users (id bigint PRIMARY KEY, a int, CONSTRAINT ck CHECK (a > 0)); CREATE INDEX ui ON users (a);";

  test.each([
    "CREATE TABLE users (id int);",
    "ALTER TABLE users ADD COLUMN a int;",
    "ALTER TABLE users ADD CONSTRAINT ck CHECK (id > 0) NOT ENFORCED;".replace(" NOT ENFORCED", ""),
  ])("%s", async (sql) => {
    expect(await rules([base, sql], engine)).toContain("contradicting-history");
  });

  test.each([
    "ALTER TABLE users ADD COLUMN b int;",
    "CREATE TEMPORARY TABLE users (id int);",
    "CREATE TABLE IF NOT EXISTS users (id bigint);",
    "ALTER TABLE users DROP COLUMN a, ADD COLUMN a int;",
    "DROP TABLE users; CREATE TABLE users (id int);",
    "ALTER TABLE users RENAME TO people; CREATE TABLE users (id int);",
  ])("but not %s", async (sql) => {
    expect(await rules([base, sql], engine)).not.toContain("contradicting-history");
  });
});

test("an index of another table has its name for itself, but in a schema of PostgreSQL", async () => {
  const tables = "CREATE TABLE a (n int); CREATE TABLE b (n int); CREATE INDEX i ON a (n);";
  expect(await rules([tables, "CREATE INDEX CONCURRENTLY i ON b (n);"])).toBe("contradicting-history");
  expect(await rules([tables, "CREATE INDEX i ON b (n);"], "mysql")).toBe("");
  expect(await rules([tables, "DROP INDEX CONCURRENTLY i; CREATE INDEX CONCURRENTLY i ON b (n);"])).not.toContain(
    "contradicting-history",
  );
});

describe.each(["postgres", "mysql", "mariadb"] as const)(
  "%s: a table that the history dropped, or renamed",
  (engine) => {
    const T = "CREATE TABLE t (id int PRIMARY KEY, n int);";
    const told = async (...files: readonly string[]) => (await allRules([T, ...files], engine)).split(" ");
    const INSERT = "INSERT INTO t (id) VALUES (1);";

    test.each([
      ["DROP TABLE t;", "ALTER TABLE t ADD COLUMN m int;"],
      ["DROP TABLE t;", INSERT],
      ["DROP TABLE IF EXISTS t;", "CREATE INDEX i ON t (n);"],
      ["DROP TABLE t;", "DROP TABLE t;"],
      ["ALTER TABLE t RENAME TO u;", INSERT],
      ["CREATE TABLE v (id int PRIMARY KEY); DROP TABLE t;", "INSERT INTO v (id) SELECT id FROM t;"],
      ["CREATE TABLE n (id int); ALTER TABLE t RENAME TO o; ALTER TABLE n RENAME TO t;", "UPDATE n SET id = 1;"],
    ])("%s %s", async (...files) => {
      expect(await told(...files)).toContain("contradicting-history");
    });

    test.each([
      ["ALTER TABLE t RENAME TO u;", "INSERT INTO u (id) VALUES (1);"],
      ["ALTER TABLE t RENAME TO u; CREATE VIEW t AS SELECT id FROM u;", INSERT],
      ["CREATE TABLE n (id int); ALTER TABLE t RENAME TO o; ALTER TABLE n RENAME TO t;", INSERT],
      ["DROP TABLE t; CREATE TABLE t AS SELECT 1 AS id;", INSERT],
      ["CREATE TEMPORARY TABLE t (id int); DROP TABLE t;", INSERT],
      ["DROP TABLE t;", "DROP TABLE IF EXISTS t;"],
      ["DROP TABLE t;", T, INSERT],
      ["DROP TABLE other;", INSERT],
      ...(engine === "mysql" ? [] : [["DROP TABLE t;", "ALTER TABLE IF EXISTS t ADD COLUMN m int;"]]),
      ...(engine === "postgres"
        ? [
            ["BEGIN; DROP TABLE t; ROLLBACK;", INSERT],
            ["DROP TABLE t; SELECT 1 AS id INTO t;", INSERT],
            ["DROP TABLE t;", "DO $$ BEGIN EXECUTE 'CREATE TABLE ' || 't (id int)'; END $$;", INSERT],
            ["CREATE SCHEMA a; DROP TABLE t; CREATE TABLE a.t (id int); ALTER TABLE a.t SET SCHEMA public;", INSERT],
            ["CREATE SCHEMA a; CREATE TABLE a.t (id int); DROP TABLE t;", `SET search_path = a; ${INSERT}`],
          ]
        : [["RENAME TABLE t TO o;", "RENAME TABLE o TO t;", INSERT]]),
    ])("but not %s %s", async (...files) => {
      expect(await told(...files)).not.toContain("contradicting-history");
    });
  },
);
