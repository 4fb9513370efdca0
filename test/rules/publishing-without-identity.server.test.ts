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

const PARTS_OF = `CREATE TABLE users (a int PRIMARY KEY, b int NOT NULL, c text);
CREATE UNIQUE INDEX users_a_b ON users (a, b);
CREATE TABLE whole (a int PRIMARY KEY, b int);
ALTER TABLE whole REPLICA IDENTITY FULL;
CREATE TABLE bare (a int NOT NULL, b int NOT NULL);
CREATE TABLE ev (a int PRIMARY KEY, b int) PARTITION BY RANGE (a);
CREATE TABLE ev1 PARTITION OF ev FOR VALUES FROM (0) TO (100);`;
const root = "WITH (publish_via_partition_root = true)";

/** The same of a publication of some rows, or some columns (15 and later). */
const PARTLY = [
  ["CREATE PUBLICATION p FOR TABLE users WHERE (b = 1);", "users"],
  ["CREATE PUBLICATION p FOR TABLE users WHERE (a > 5 AND b = 1) WITH (publish = 'insert, update');", "users"],
  ["CREATE PUBLICATION p FOR TABLE users (b, c);", "users"],
  ["CREATE PUBLICATION p FOR TABLE whole (a, b);", "whole"],
  ["CREATE PUBLICATION p FOR TABLE bare WHERE (b = 1);", "bare"],
  [`CREATE PUBLICATION p FOR TABLE ev WHERE (b = 1) ${root};`, "ev"],
  [`CREATE PUBLICATION p FOR TABLE ev (b) ${root};`, "ev1"],
  ["CREATE PUBLICATION p; ALTER PUBLICATION p ADD TABLE users WHERE (b = 1);", "users"],
  ["CREATE PUBLICATION p FOR TABLE users; ALTER PUBLICATION p SET TABLE users (b);", "users"],
  [
    "CREATE PUBLICATION p FOR TABLE users WHERE (b = 1) WITH (publish = 'insert'); ALTER PUBLICATION p SET (publish = 'insert, update');",
    "users",
  ],
  [
    "CREATE PUBLICATION p FOR TABLE bare WITH (publish = 'insert'); ALTER PUBLICATION p SET (publish = 'insert, update');",
    "bare",
  ],
  [
    "ALTER TABLE users REPLICA IDENTITY FULL; CREATE PUBLICATION p FOR TABLE users WHERE (b = 1); ALTER TABLE users REPLICA IDENTITY DEFAULT;",
    "users",
  ],
  [
    "ALTER TABLE users REPLICA IDENTITY USING INDEX users_a_b; CREATE PUBLICATION p FOR TABLE users (a, b) WHERE (b = 1); ALTER TABLE users REPLICA IDENTITY FULL;",
    "users",
  ],
  ["CREATE PUBLICATION p FOR TABLE users (a); ALTER TABLE users REPLICA IDENTITY USING INDEX users_a_b;", "users"],
  [
    "CREATE PUBLICATION p FOR TABLE users WHERE (a = 1); ALTER TABLE users DROP CONSTRAINT users_pkey, ADD PRIMARY KEY (b);",
    "users",
  ],
  ["CREATE PUBLICATION p FOR TABLE users WHERE (a = 1); ALTER TABLE users DROP CONSTRAINT users_pkey;", "users"],
  [
    "CREATE PUBLICATION p FOR TABLE users WHERE (b = 1) WITH (publish = 'insert'); ALTER TABLE users RENAME COLUMN b TO d; ALTER PUBLICATION p SET (publish = 'update');",
    "users",
  ],
] as const;
const WHOLLY = [
  ["CREATE PUBLICATION p FOR TABLE users WHERE (a > 5);", "users"],
  ["CREATE PUBLICATION p FOR TABLE users (a, c);", "users"],
  ["CREATE PUBLICATION p FOR TABLE users WHERE (b = 1) WITH (publish = 'insert');", "users"],
  ["CREATE PUBLICATION p FOR TABLE whole WHERE (b = 1);", "whole"],
  ["CREATE PUBLICATION p FOR TABLE bare (a) WITH (publish = 'insert');", "bare"],
  [`CREATE PUBLICATION p FOR TABLE ev WHERE (a = 1) ${root};`, "ev"],
  [
    "ALTER TABLE users REPLICA IDENTITY USING INDEX users_a_b; CREATE PUBLICATION p FOR TABLE users (a, b) WHERE (b = 1);",
    "users",
  ],
  [
    "BEGIN; CREATE PUBLICATION p FOR TABLE users WHERE (b = 1); ALTER TABLE users REPLICA IDENTITY USING INDEX users_a_b; COMMIT;",
    "users",
  ],
  [
    "CREATE PUBLICATION p FOR TABLE users WHERE (a = 1); ALTER TABLE users RENAME COLUMN a TO d; ALTER PUBLICATION p SET (publish = 'update'); ALTER TABLE users REPLICA IDENTITY DEFAULT; ALTER TABLE users RENAME COLUMN d TO a;",
    "users",
  ],
] as const;

/** A table that is new beside a publication of all. */
const NEW = [
  ["CREATE PUBLICATION p FOR ALL TABLES;", "CREATE TABLE n (a int);"],
  ["CREATE PUBLICATION p FOR TABLES IN SCHEMA public;", "CREATE TABLE n (a int UNIQUE);"],
  ["CREATE PUBLICATION p FOR ALL TABLES;", "CREATE TABLE n AS SELECT 1 AS a;"],
  ["CREATE PUBLICATION p FOR ALL TABLES;", "BEGIN; CREATE TABLE n (a int); INSERT INTO n VALUES (1); COMMIT;"],
] as const;
const NEW_AND_WELL = [
  ["CREATE PUBLICATION p FOR ALL TABLES;", "CREATE TABLE n (a int PRIMARY KEY);"],
  ["CREATE PUBLICATION p FOR ALL TABLES;", "CREATE TABLE n (a int); ALTER TABLE n ADD PRIMARY KEY (a);"],
  ["CREATE PUBLICATION p FOR ALL TABLES;", "CREATE TABLE n (a int); ALTER TABLE n REPLICA IDENTITY FULL;"],
  ["CREATE PUBLICATION p FOR ALL TABLES WITH (publish = 'insert');", "CREATE TABLE n (a int);"],
  ["CREATE PUBLICATION p FOR ALL TABLES;", "CREATE UNLOGGED TABLE n (a int);"],
  ["CREATE PUBLICATION p FOR ALL TABLES;", "CREATE TABLE n PARTITION OF ev FOR VALUES FROM (100) TO (200);"],
  ["CREATE PUBLICATION p FOR ALL TABLES;", "CREATE TABLE n (LIKE users INCLUDING ALL);"],
  ["CREATE PUBLICATION p FOR TABLE users;", "CREATE TABLE n (a int);"],
] as const;
const NEW_FOUND = "publishing-without-identity";

describe("a publication of a part", () => {
  const phased = (sql: string) => judgedFor([PARTS_OF, sql]);
  const judgedFor = (files: readonly string[]) => rules(files, "postgres", "15");
  test.each(PARTLY)("%s", async (sql) => {
    expect((await phased(sql)).split(" ")).toContain(NEW_FOUND);
    expect((await phased(`-- zmigrate:phase contract\n${sql}`)).split(" ")).toContain(NEW_FOUND);
  });
  test.each(WHOLLY)("but not %s", async (sql) => {
    expect(await phased(sql)).not.toContain(NEW_FOUND);
  });
  test.each(NEW)("%s %s", async (published, sql) => {
    expect(await judgedFor([PARTS_OF, published, sql])).toBe(NEW_FOUND);
  });
  test.each(NEW_AND_WELL)("but not %s %s", async (published, sql) => {
    expect(await judgedFor([PARTS_OF, published, sql])).not.toContain(NEW_FOUND);
  });
  test("keeps the columns that it names", async () => {
    const drop = "-- zmigrate:phase contract\nALTER TABLE users DROP COLUMN c;";
    for (const part of ["(a, c)", "WHERE (c = 'x')"]) {
      const published = `CREATE PUBLICATION p FOR TABLE users ${part} WITH (publish = 'insert');`;
      expect(await judgedFor([PARTS_OF, published, drop])).toBe("contradicting-history");
      expect(await judgedFor([PARTS_OF, published, "DROP PUBLICATION p;", drop])).toBe("");
    }
  });
});

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
    { base: TAKEN_FROM, cases: TAKING, expected: /^55000$/ },
    { base: TAKEN_FROM, cases: LEAVING, expected: /^written$/ },
    { base: PARTS_OF, cases: PARTLY, expected: /^42P10$|^55000$/ },
    { base: PARTS_OF, cases: WHOLLY, expected: /^written$/ },
    { base: PARTS_OF, cases: NEW.map((sql) => [sql.join(" "), "n"] as const), expected: /^55000$/ },
    { base: PARTS_OF, cases: NEW_AND_WELL.map((sql) => [sql.join(" "), "n"] as const), expected: /^written$/ },
  ])("does what is said: $expected", async ({ base, cases, expected }) => {
    const own = await server.createDatabase("identity");
    try {
      for (const [sql, table] of cases) {
        const taken = `DROP SCHEMA public CASCADE; DROP SCHEMA IF EXISTS o CASCADE; CREATE SCHEMA public; ${base} ${sql}`;
        await query(own.url, taken);
        const code = await query(own.url, `UPDATE ${table} SET a = a`).then(
          () => "written",
          (error: { readonly code?: string }) => error.code,
        );
        expect(code, sql).toMatch(expected);
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
