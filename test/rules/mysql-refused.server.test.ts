import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeServer, query, type TestDatabase } from "../servers/index.js";
import { allRules, judged } from "./judged.js";

const TABLES = [
  "CREATE TABLE orgs (id bigint PRIMARY KEY)",
  "CREATE TABLE users (id bigint PRIMARY KEY, org_id bigint, age int, KEY users_org (org_id), CONSTRAINT users_org_fk FOREIGN KEY (org_id) REFERENCES orgs (id))",
];
const BASE = `${TABLES.join(";\n")};`;
const VERSIONS = { mysql: "9.7.0", mariadb: "10.11.0" } as const;

/** What both take: an index comes that serves the foreign key. The order within one ALTER means nothing. */
const TAKEN = [
  "ALTER TABLE users DROP INDEX users_org, ADD INDEX users_org2 (org_id, age)",
  "ALTER TABLE users DROP KEY users_org2, ADD KEY users_org (org_id, age)",
  "ALTER TABLE users ADD COLUMN w text DEFAULT NULL",
  "ALTER TABLE users ADD COLUMN x text DEFAULT ('x')",
  "ALTER TABLE users RENAME TO users",
];
const UNSERVED = "ALTER TABLE users DROP INDEX users_org, ADD INDEX users_org2 (age, org_id)";
const VIEW = "CREATE VIEW shown AS SELECT id FROM users";
/** The name is another's; and where it is not. */
const NAMED = [
  "CREATE TABLE shown (id int PRIMARY KEY)",
  VIEW,
  "CREATE VIEW orgs AS SELECT 1",
  "CREATE OR REPLACE VIEW orgs AS SELECT 1",
  "RENAME TABLE users TO shown",
  "ALTER TABLE users RENAME TO orgs",
  "ALTER TABLE users RENAME COLUMN age TO id",
];
const FREE = [
  "CREATE OR REPLACE VIEW shown AS SELECT id FROM orgs",
  "ALTER TABLE users RENAME COLUMN age TO AGE",
  "ALTER TABLE users RENAME COLUMN age TO older, ADD COLUMN age int",
];
const LITERAL = "ALTER TABLE users ADD COLUMN y text DEFAULT 'x'";

describe.each(["mysql", "mariadb"] as const)("%s", (engine) => {
  test.each(TAKEN.map((sql) => sql.replace("KEY users_org2, ADD KEY users_org ", "KEY users_org, ADD KEY users_org ")))(
    "%s is taken",
    async (sql) => {
      expect(await allRules([BASE, `${sql};`], engine, VERSIONS[engine])).not.toMatch(/failing|renaming/);
    },
  );

  test("a name that is another's is told", async () => {
    const said = async (sql: string) =>
      (await judged([`${BASE} ${VIEW};`, `${sql};`], engine, VERSIONS[engine])).map(({ message }) => message).join(" ");
    for (const sql of NAMED) expect(await said(sql), sql).toContain("is there already");
    for (const sql of FREE) expect(await said(sql), sql).not.toContain("is there already");
  });

  test("what is refused is told", async () => {
    expect(await allRules([BASE, `${UNSERVED};`], engine, VERSIONS[engine])).toContain("contradicting-history");
    const literal = engine === "mysql" ? "failing-statement" : "";
    expect(await allRules([BASE, `${LITERAL};`], engine, VERSIONS[engine])).toBe(literal);
    expect(await allRules(["", "CREATE TABLE t (id int PRIMARY KEY, j json DEFAULT '{}');"], engine, "9.7.0")).toBe(
      literal,
    );
  });
});

test("a column that a CHECK needs is told so beside another reason", async () => {
  const base = "CREATE TABLE t (id int PRIMARY KEY, a int, b int, CONSTRAINT c CHECK (a > b));";
  const said = await judged([base, "ALTER TABLE t DROP COLUMN a, ALGORITHM=INSTANT;"], "mysql", "8.0.20");
  expect(said.find(({ rule }) => rule === "contradicting-history")?.message).toContain("CHECK c needs a");
});

test.each([
  ["mysql", "8.0.36", "ALTER TABLE users ADD COLUMN e VECTOR(3);"],
  ["mysql", "5.7.44", "CREATE ROLE r1;"],
  ["mysql", "5.7.44", "ALTER TABLE users ALTER INDEX users_org INVISIBLE;"],
  ["mysql", "5.7.44", "ALTER TABLE users ADD CHECK (age > 0);"],
  ["mariadb", "10.6.0", "ALTER TABLE users ADD COLUMN u uuid;"],
  ["mariadb", "10.11.0", "ALTER TABLE users ADD COLUMN e VECTOR(3);"],
] as const)("%s %s does not know %s", async (engine, version, sql) => {
  expect(await allRules([BASE, sql], engine, version)).toBe("failing-statement");
});

describe.each(["mysql", "mariadb"] as const)("%s", (engine) => {
  describeServer(engine, (server) => {
    let db: TestDatabase;
    beforeAll(async () => {
      db = await server.createDatabase("refused");
      for (const sql of TABLES) await query(db.url, sql);
    });
    afterAll(() => db?.drop());

    test("takes an index that comes for the foreign key, and refuses to be without", async () => {
      for (const sql of TAKEN) await query(db.url, sql);
      await expect(query(db.url, UNSERVED)).rejects.toThrow("needed in a foreign key");
    });

    test("DEFAULT of a text", async () => {
      const run = query(db.url, LITERAL);
      if (engine === "mysql") await expect(run).rejects.toThrow("can't have a default value");
      else await run;
    });

    test("ORDER BY a column without an index locks all rows, by the primary key only those of the batch", async () => {
      await query(db.url, "INSERT INTO orgs VALUES (1), (2), (3)");
      await query(db.url, "INSERT INTO users (id, age) VALUES (1, 3), (2, 2), (3, 1)");
      const [batch, writer] = await Promise.all([createConnection({ uri: db.url }), createConnection({ uri: db.url })]);
      const other = async (order: string): Promise<unknown> => {
        try {
          await batch.query("BEGIN");
          await batch.query(`DELETE FROM users ORDER BY ${order} LIMIT 1`);
          return await writer.query("UPDATE users SET age = 5 WHERE id = 2");
        } finally {
          await batch.query("ROLLBACK");
        }
      };
      await writer.query("SET SESSION innodb_lock_wait_timeout = 1");
      await expect(other("age")).rejects.toThrow("Lock wait timeout");
      await other("id");
      batch.destroy();
      writer.destroy();
    });

    test("names that are another's", async () => {
      await query(db.url, VIEW);
      for (const sql of NAMED)
        await expect(query(db.url, sql), sql).rejects.toThrow(/already exists|is not (?:VIEW|of type)|Duplicate/);
      for (const sql of FREE) await query(db.url, sql);
    });
  });
});
