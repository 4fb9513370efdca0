import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeServer, query, type TestDatabase } from "../servers/index.js";
import { rules } from "./judged.js";

const BASE = `CREATE SCHEMA app;
CREATE TABLE notes (a int);
CREATE TABLE users (a int PRIMARY KEY);
CREATE TABLE late (a int, PRIMARY KEY (a) DEFERRABLE);
CREATE TABLE inline (a int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE app.marks (a int);
CREATE TABLE events (a int PRIMARY KEY) PARTITION BY RANGE (a);
CREATE UNLOGGED TABLE cache (a int);
CREATE TABLE codes (a int NOT NULL);
CREATE UNIQUE INDEX codes_a ON codes (a);
ALTER TABLE codes REPLICA IDENTITY USING INDEX codes_a;
CREATE TABLE whole (a int);
ALTER TABLE whole REPLICA IDENTITY FULL;
CREATE PUBLICATION all_of_it;
CREATE PUBLICATION new_rows WITH (publish = 'insert');`;

/** A statement, and the table whose rows it is about. */
const STOPPING = [
  ["CREATE PUBLICATION p FOR TABLE notes;", "notes"],
  ["CREATE PUBLICATION p FOR TABLE users, notes WITH (publish = 'insert, update');", "notes"],
  ["CREATE PUBLICATION p FOR TABLE late;", "late"],
  ["CREATE PUBLICATION p FOR TABLE inline;", "inline"],
  ["CREATE PUBLICATION p FOR ALL TABLES;", "notes"],
  ["CREATE PUBLICATION p FOR TABLES IN SCHEMA app;", "app.marks"],
  ["ALTER PUBLICATION all_of_it ADD TABLE notes;", "notes"],
  ["ALTER PUBLICATION all_of_it SET TABLE notes;", "notes"],
] as const;
const GOING_ON = [
  ["CREATE PUBLICATION p FOR TABLE users;", "users"],
  ["CREATE PUBLICATION p FOR TABLE codes, whole, events;", "codes"],
  ["CREATE PUBLICATION p FOR TABLE whole;", "whole"],
  ["CREATE PUBLICATION p FOR TABLE notes WITH (publish = 'insert, truncate');", "notes"],
  ["CREATE PUBLICATION p;", "notes"],
  ["ALTER PUBLICATION new_rows ADD TABLE notes;", "notes"],
  ["ALTER PUBLICATION all_of_it ADD TABLE users;", "users"],
  ["ALTER TABLE notes REPLICA IDENTITY FULL; CREATE PUBLICATION p FOR TABLE notes;", "notes"],
  ["BEGIN; CREATE PUBLICATION p FOR TABLE notes; ALTER TABLE notes REPLICA IDENTITY FULL; COMMIT;", "notes"],
] as const;

const TAKEN_FROM = `CREATE SCHEMA o;
CREATE TABLE users (a int PRIMARY KEY, b int NOT NULL);
CREATE TABLE codes (a int NOT NULL, b int);
CREATE UNIQUE INDEX codes_a ON codes (a);
ALTER TABLE codes REPLICA IDENTITY USING INDEX codes_a;
CREATE TABLE keyed (id int PRIMARY KEY, a int NOT NULL UNIQUE);
ALTER TABLE keyed REPLICA IDENTITY USING INDEX keyed_a_key;
CREATE TABLE whole (a int PRIMARY KEY);
ALTER TABLE whole REPLICA IDENTITY FULL;
CREATE TABLE ev (a int PRIMARY KEY) PARTITION BY RANGE (a);
CREATE TABLE ev1 PARTITION OF ev FOR VALUES FROM (0) TO (100);
CREATE TABLE o.marks (a int PRIMARY KEY);`;
const all = (sql: string) => `CREATE PUBLICATION p FOR TABLE users, codes, keyed, whole, ev; ${sql}`;

/** The same of statements that take away what told the rows of a published table apart. */
const TAKING = [
  [all("ALTER TABLE users DROP CONSTRAINT users_pkey;"), "users"],
  ["CREATE PUBLICATION p FOR ALL TABLES; ALTER TABLE users DROP CONSTRAINT users_pkey;", "users"],
  ["CREATE PUBLICATION p FOR TABLES IN SCHEMA o; ALTER TABLE o.marks DROP CONSTRAINT marks_pkey;", "o.marks"],
  ["CREATE PUBLICATION p; ALTER PUBLICATION p ADD TABLE users; ALTER TABLE users DROP CONSTRAINT users_pkey;", "users"],
  [all("ALTER TABLE users DROP COLUMN a, ADD COLUMN a int;"), "users"],
  [all("ALTER TABLE users RENAME TO people; ALTER TABLE people DROP CONSTRAINT users_pkey;"), "people"],
  [all("DROP INDEX codes_a;"), "codes"],
  [all("ALTER TABLE codes DROP COLUMN a, ADD COLUMN a int;"), "codes"],
  [all("ALTER TABLE keyed DROP CONSTRAINT keyed_a_key;"), "keyed"],
  [all("ALTER TABLE ev DROP CONSTRAINT ev_pkey;"), "ev1"],
] as const;
const LEAVING = [
  [
    "CREATE PUBLICATION p FOR TABLE users WITH (publish = 'insert'); ALTER TABLE users DROP CONSTRAINT users_pkey;",
    "users",
  ],
  ["CREATE PUBLICATION p FOR TABLES IN SCHEMA o; ALTER TABLE users DROP CONSTRAINT users_pkey;", "users"],
  [all("ALTER TABLE users DROP CONSTRAINT users_pkey, ADD PRIMARY KEY (b);"), "users"],
  [all("BEGIN; ALTER TABLE users DROP CONSTRAINT users_pkey; ALTER TABLE users ADD PRIMARY KEY (b); COMMIT;"), "users"],
  [all("ALTER TABLE keyed DROP CONSTRAINT keyed_pkey;"), "keyed"],
  [all("ALTER TABLE whole DROP CONSTRAINT whole_pkey;"), "whole"],
  [all("DROP PUBLICATION p; ALTER TABLE users DROP CONSTRAINT users_pkey;"), "users"],
  [all("ALTER PUBLICATION p DROP TABLE users; ALTER TABLE users DROP CONSTRAINT users_pkey;"), "users"],
  [all("ALTER PUBLICATION p SET TABLE codes; ALTER TABLE users DROP CONSTRAINT users_pkey;"), "users"],
] as const;

describe("a publication of tables whose rows nothing tells apart", () => {
  test.each(STOPPING)("%s", async (sql) => {
    const found = (await rules([BASE, sql])).split(" ");
    expect(found).toContain("publishing-without-identity");
  });
  test.each(TAKING)("%s", async (sql) => {
    expect((await rules([TAKEN_FROM, sql])).split(" ")).toContain("publishing-without-identity");
    expect(await rules([TAKEN_FROM, `-- zmigrate:phase contract\n${sql}`])).toContain("publishing-without-identity");
  });
  test.each(LEAVING)("but not %s", async (sql) => {
    expect(await rules([TAKEN_FROM, sql])).not.toContain("publishing-without-identity");
  });
  test.each(GOING_ON)("but not %s", async (sql) => {
    expect(await rules([BASE, sql])).toBe("");
  });
  test("of a table that nobody writes to yet, or that is not known", async () => {
    expect(await rules([BASE, "CREATE TABLE n (a int); CREATE PUBLICATION p FOR TABLE n;"])).toBe("");
    expect(await rules([BASE, "CREATE PUBLICATION p FOR TABLE unseen;"])).toBe("");
    expect(
      await rules([
        `${BASE.replace(/^CREATE TABLE (?:notes|late|inline|app\.).*$/gm, "")}`,
        "CREATE PUBLICATION p FOR ALL TABLES;",
      ]),
    ).toBe("");
  });
});

describeServer("postgres", (server) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await server.createDatabase("publishing");
    await query(db.url, BASE);
  });
  afterAll(() => db?.drop());
  const update = async (sql: string, table: string) => {
    await query(db.url, sql);
    try {
      await query(db.url, `UPDATE ${table} SET a = a`);
      return "written";
    } catch (error) {
      return (error as { readonly code?: string }).code;
    } finally {
      await query(db.url, "DROP PUBLICATION IF EXISTS p; DROP PUBLICATION all_of_it; DROP PUBLICATION new_rows;");
      await query(db.url, "ALTER TABLE notes REPLICA IDENTITY DEFAULT");
      await query(db.url, BASE.slice(BASE.indexOf("CREATE PUBLICATION")));
    }
  };

  test.each([
    { cases: TAKING, expected: "55000" },
    { cases: LEAVING, expected: "written" },
  ])("does what is said of what is taken away: $expected", async ({ cases, expected }) => {
    const own = await server.createDatabase("identity");
    try {
      for (const [sql, table] of cases) {
        const taken = `DROP SCHEMA public CASCADE; DROP SCHEMA IF EXISTS o CASCADE; CREATE SCHEMA public; ${TAKEN_FROM} ${sql}`;
        await query(own.url, taken);
        const code = await query(own.url, `UPDATE ${table} SET a = a`).then(
          () => "written",
          (error: { readonly code?: string }) => error.code,
        );
        expect(code, sql).toBe(expected);
        await query(own.url, "DROP PUBLICATION IF EXISTS p");
      }
    } finally {
      await own.drop();
    }
  });

  test("does what is said of it", async () => {
    for (const [sql, table] of STOPPING) expect(await update(sql, table), sql).toBe("55000");
    for (const [sql, table] of GOING_ON) expect(await update(sql, table), sql).toBe("written");
  });
});
