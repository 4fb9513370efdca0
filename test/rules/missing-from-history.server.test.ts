import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EngineName } from "../../src/engines/engine.js";
import { describeServer, query, type TestDatabase } from "../servers/index.js";
import { allRules, judged } from "./judged.js";

const BASE = `CREATE TYPE mood AS ENUM ('a', 'b');
CREATE TABLE orgs (id bigserial PRIMARY KEY, name text NOT NULL, code varchar(10), m mood, n numeric(10,2), UNIQUE (name, code));
CREATE UNIQUE INDEX orgs_low ON orgs (lower(code));
CREATE UNIQUE INDEX orgs_part ON orgs (code) WHERE n > 0;
CREATE UNIQUE INDEX orgs_inc ON orgs (m) INCLUDE (n);
CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, org_id bigint REFERENCES orgs, nick text, seen timestamptz, t timestamp, CHECK (id > 0));
CREATE VIEW w AS SELECT id, code, m, n FROM orgs;
CREATE MATERIALIZED VIEW keyed AS SELECT org_id, count(*) AS n FROM users GROUP BY 1;
CREATE UNIQUE INDEX ON keyed (org_id);
CREATE MATERIALIZED VIEW bare AS SELECT org_id FROM users;`;

/** What PostgreSQL refuses, and with which code. */
const REFUSED = [
  ["INSERT INTO orgs (name) VALUES ('x') ON CONFLICT (name) DO NOTHING", "42P10"],
  ["INSERT INTO orgs (name) VALUES ('x') ON CONFLICT (code) DO NOTHING", "42P10"],
  ["INSERT INTO orgs (name) VALUES ('x') ON CONFLICT ON CONSTRAINT nope DO NOTHING", "42704"],
  ["INSERT INTO orgs (name) VALUES ('x') ON CONFLICT ON CONSTRAINT orgs_low DO NOTHING", "42704"],
  ["INSERT INTO orgs (id, nope) VALUES (1, 'x')", "42703"],
  ["INSERT INTO orgs (id, code) VALUES (1, 'x')", "23502"],
  ["INSERT INTO orgs (id, name) VALUES (1, 'x'), (2, NULL)", "23502"],
  ["INSERT INTO orgs VALUES (1, NULL::text)", "23502"],
  ["INSERT INTO orgs VALUES (1)", "23502"],
  ["INSERT INTO orgs DEFAULT VALUES", "23502"],
  ["INSERT INTO orgs (name) VALUES (DEFAULT)", "23502"],
  ["INSERT INTO orgs (code) SELECT 'x' WHERE NOT EXISTS (SELECT FROM orgs)", "23502"],
  ["INSERT INTO orgs (code) SELECT 'x'", "23502"],
  ["INSERT INTO orgs (id, name) SELECT 1, NULL", "23502"],
  ["INSERT INTO orgs (name) SELECT NULL::text FROM (VALUES (1)) v", "23502"],
  ["INSERT INTO orgs SELECT 1, NULL::text", "23502"],
  ["INSERT INTO orgs SELECT 1", "23502"],
  ["INSERT INTO orgs (name) SELECT nick, id FROM users", "42601"],
  ["INSERT INTO orgs (name) SELECT u.* FROM users u", "42601"],
  ["WITH c AS (SELECT 1 AS a, 2 AS b) INSERT INTO orgs (name) SELECT * FROM c", "42601"],
  ["INSERT INTO orgs (id, name) SELECT 1 UNION SELECT 2", "42601"],
  ["UPDATE users SET nope = 1 WHERE id = 1", "42703"],
  ["REFRESH MATERIALIZED VIEW CONCURRENTLY bare", "55000"],
  ["CREATE OR REPLACE VIEW w AS SELECT id, code::text, m, n FROM orgs", "42P16"],
  ["CREATE OR REPLACE VIEW w AS SELECT id, code::varchar(20) AS code, m, n FROM orgs", "42P16"],
  ["CREATE OR REPLACE VIEW w AS SELECT id::int, code, m, n FROM orgs", "42P16"],
  ["ALTER TABLE users DROP CONSTRAINT never_there", "42704"],
  ["CREATE INDEX zz ON users (nope)", "42703"],
  ["ALTER TABLE users ADD CONSTRAINT f FOREIGN KEY (nick) REFERENCES orgs (code) NOT VALID", "42830"],
  ["CREATE TABLE pets (org text, FOREIGN KEY (org) REFERENCES orgs (name))", "42830"],
  ["ALTER TABLE users ADD COLUMN o text REFERENCES orgs (name)", "42830"],
] as const;

const TAKEN = [
  "INSERT INTO orgs (name) VALUES ('x') ON CONFLICT ON CONSTRAINT orgs_pkey DO NOTHING",
  "INSERT INTO orgs (name) VALUES ('x') ON CONFLICT ON CONSTRAINT orgs_name_code_key DO NOTHING",
  "INSERT INTO orgs (name) VALUES ('x') ON CONFLICT DO NOTHING",
  "INSERT INTO orgs (name) VALUES ('x') ON CONFLICT (code, name) DO NOTHING",
  "INSERT INTO orgs (name) VALUES ('x') ON CONFLICT (lower(code)) DO NOTHING",
  "INSERT INTO orgs (name) VALUES ('x') ON CONFLICT (code) WHERE n > 0 DO NOTHING",
  "INSERT INTO orgs (name) VALUES ('x') ON CONFLICT (m) DO NOTHING",
  "INSERT INTO orgs (name) VALUES ('x') ON CONFLICT (id) DO UPDATE SET name = excluded.name",
  "INSERT INTO users (nick) VALUES ('x')",
  "INSERT INTO users VALUES (DEFAULT, NULL, 'x')",
  "INSERT INTO orgs VALUES (DEFAULT, 'NULL', NULL)",
  "INSERT INTO orgs (id, name) VALUES (DEFAULT, COALESCE(NULL, 'x'))",
  "INSERT INTO orgs (id, name) SELECT id, nick FROM users WHERE nick IS NOT NULL",
  "INSERT INTO orgs SELECT 1, 'x'",
  "INSERT INTO orgs SELECT * FROM orgs",
  "INSERT INTO orgs (name) SELECT NULL::text EXCEPT SELECT NULL::text",
  "INSERT INTO orgs (name, code) SELECT * FROM (SELECT 'x', 'y') v (a, b)",
  "INSERT INTO orgs (name) SELECT CASE WHEN true THEN 'x' END",
  "CREATE TEMPORARY TABLE orgs (name text); INSERT INTO users (nick) SELECT * FROM orgs",
  "REFRESH MATERIALIZED VIEW CONCURRENTLY keyed",
  "CREATE OR REPLACE VIEW w AS SELECT o.id::bigint, o.code, o.m::public.mood, n::decimal(10,2) FROM orgs o",
  "ALTER TABLE users DROP CONSTRAINT users_org_id_fkey",
  "ALTER TABLE users DROP CONSTRAINT users_id_check",
  "ALTER TABLE orgs DROP CONSTRAINT orgs_name_code_key",
  "ALTER TABLE users DROP CONSTRAINT IF EXISTS never_there",
  "CREATE TABLE pets (id int PRIMARY KEY, org bigint REFERENCES orgs, m mood REFERENCES orgs (m), up int REFERENCES pets (id))",
  "DO $$ BEGIN ALTER TABLE users DROP CONSTRAINT never_there; EXCEPTION WHEN undefined_object THEN NULL; END $$",
];

const PARTS_REFUSED = [
  "(date_trunc('day', seen))",
  "((seen::date))",
  "((t::text))",
  "(nick) WHERE seen > now()",
  "(nick) WHERE seen > CURRENT_DATE",
  "USING gin (to_tsvector(nick))",
  "(concat(nick, id))",
  "(to_char(t, 'YYYY'))",
  "(EXTRACT(year FROM seen))",
];

const PARTS_TAKEN = [
  "(date_trunc('day', t))",
  "(date_trunc('day', seen AT TIME ZONE 'UTC'))",
  "((t::date))",
  "(nick) WHERE seen > '2020-01-01'::timestamptz",
  "USING gin (to_tsvector('english', nick))",
  "(lower(nick), coalesce(nick, ''))",
  "(EXTRACT(year FROM t))",
];
const index = (part: string) => `CREATE INDEX CONCURRENTLY i ON users ${part}`;

describe("what the files themselves rule out", () => {
  test.each(REFUSED)("%s", async (sql) => {
    expect((await allRules([BASE, `${sql};`], "postgres", "18")).split(" ")).toContain("contradicting-history");
  });
  test.each(TAKEN)("but not %s", async (sql) => {
    expect(await allRules([BASE, `${sql};`], "postgres", "18")).not.toContain("contradicting-history");
  });
  test.each(PARTS_REFUSED)("an index over %s", async (part) => {
    expect(await allRules([BASE, index(part)], "postgres", "18")).toBe("failing-statement");
  });
  test.each(PARTS_TAKEN)("but not an index over %s", async (part) => {
    expect(await allRules([BASE, index(part)], "postgres", "18")).toBe("");
  });

  test("a function of the application's own may be IMMUTABLE", async () => {
    const own = "CREATE FUNCTION unaccent(text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT $1';";
    expect(await allRules([BASE, index("(unaccent(nick))")])).toBe("failing-statement");
    expect(await allRules([`${BASE} ${own}`, index("(unaccent(nick))")])).toBe("");
  });

  test("NULLS NOT DISTINCT is of PostgreSQL 15", async () => {
    const sql = "CREATE UNIQUE INDEX CONCURRENTLY i ON users (nick) NULLS NOT DISTINCT;";
    expect(await allRules([BASE, sql], "postgres", "14")).toContain("failing-statement");
    expect(await allRules([BASE, sql], "postgres", "15")).toBe("adding-unique-index");
  });

  test("a trigger or a domain may give what is left out, and what is not known is not missing", async () => {
    const insert = "INSERT INTO orgs (code) VALUES ('x');";
    const trigger = "CREATE TRIGGER fill BEFORE INSERT ON orgs FOR EACH ROW EXECUTE FUNCTION fill();";
    expect(await allRules([BASE, insert])).toBe("contradicting-history");
    expect(await allRules([`${BASE} ${trigger}`, insert])).toBe("");
    const domain = "CREATE DOMAIN named AS text DEFAULT 'x'; CREATE TABLE d (id int, name named NOT NULL);";
    expect(await allRules([domain, "INSERT INTO d (id) VALUES (1);"])).toBe("");
    expect(await allRules([BASE, "INSERT INTO others (code) VALUES ('x') ON CONFLICT (code) DO NOTHING;"])).toBe("");
  });
});

/** What is refused for each row that is found, and how that is said; MariaDB looks at what is left out before. */
const OF_ROWS: readonly (readonly [sql: string, unless: string, before: readonly EngineName[]])[] = [
  ["INSERT INTO orgs (id) SELECT id FROM orgs;", ", unless its query finds no row.", ["mariadb"]],
  ["UPDATE orgs SET name = NULL;", ", unless it finds no row.", []],
];

describe.each(["mysql", "mariadb"] as const)("%s: columns", (engine) => {
  const base = "CREATE TABLE orgs (id bigint PRIMARY KEY, Name varchar(9) NOT NULL, kind enum('a', 'b') NOT NULL);";
  const numbered = "CREATE TABLE numbered (id serial PRIMARY KEY, n int NOT NULL DEFAULT 1);";
  const refused: readonly (readonly [sql: string, errno: number])[] = [
    ["INSERT INTO orgs (id, nope) VALUES (1, 'x');", 1054],
    ["INSERT INTO orgs (id) VALUES (1);", 1364],
    ["INSERT INTO orgs SET id = 1, NAME = DEFAULT;", 1364],
    ["INSERT INTO orgs () VALUES ();", 1364],
    ["REPLACE INTO orgs (id) VALUES (1);", 1364],
    ["INSERT INTO orgs (id, name) VALUES (1, 'NULL'), (2, null);", 1048],
    ["INSERT INTO orgs VALUES (1, NULL, 'a') ON DUPLICATE KEY UPDATE name = 'x';", 1048],
    ["UPDATE orgs SET name = NULL WHERE id = 77;", 1048],
    ["INSERT INTO orgs (id) SELECT 1 FROM orgs;", 1364],
    ["INSERT INTO orgs (id) SELECT 1;", 1364],
    ["INSERT INTO orgs (id, name) SELECT 1, NULL;", 1048],
    ["INSERT INTO orgs (id, name) SELECT id, NULL AS x FROM orgs;", 1048],
    ["INSERT INTO orgs SELECT 1, NULL, 'a' ON DUPLICATE KEY UPDATE name = 'x';", 1048],
    ["INSERT INTO orgs (id, name) SELECT id, name, kind FROM orgs;", 1136],
    ["INSERT INTO numbered SELECT * FROM orgs;", 1136],
    ["INSERT INTO orgs SELECT n.* FROM numbered n;", 1136],
    ["INSERT INTO numbered (n) SELECT * FROM (SELECT 1 AS x, 2 AS y) s;", 1136],
    ["REPLACE INTO orgs SELECT 1, 'x';", 1136],
    ["INSERT IGNORE INTO orgs (id) SELECT 1, 2;", 1136],
    ["CREATE INDEX i ON orgs (nope);", 1072],
  ];
  const taken = [
    "INSERT INTO orgs (ID, NAME) VALUES (1, 'x');",
    "INSERT IGNORE INTO orgs (id) VALUES (2);",
    "SET sql_mode = ''; INSERT INTO orgs (id) VALUES (3);",
    "INSERT INTO orgs VALUES (4, 'x', DEFAULT), (5, COALESCE(NULL, 'x'), 'a');",
    "INSERT INTO numbered VALUES (NULL, DEFAULT);",
    "INSERT INTO numbered () VALUES ();",
    "INSERT INTO numbered SELECT NULL, 1;",
    "INSERT INTO numbered SELECT * FROM numbered WHERE id < 0;",
    "INSERT INTO orgs SELECT DISTINCT id + 100, o.name, kind FROM orgs o;",
    "INSERT IGNORE INTO orgs (id, name) SELECT 8, NULL;",
    "INSERT INTO orgs SELECT 9, COALESCE(NULL, 'x'), 'a' UNION SELECT 10, 'y', 'b';",
    "INSERT INTO orgs (id, name, kind) SELECT * FROM orgs NATURAL JOIN (SELECT id FROM orgs WHERE id < 0) n;",
    "CREATE INDEX i ON orgs (NAME);",
  ];
  test.each(refused)("%s", async (sql, errno) => {
    const said = await judged([base + numbered, sql], engine);
    expect(said.find(({ rule }) => rule === "contradicting-history")?.message).toContain(`(${errno})`);
  });
  test.each(taken)("but not %s", async (sql) => {
    expect(await allRules([base + numbered, sql], engine)).not.toContain("contradicting-history");
  });
  test.each(OF_ROWS)("%s", async (sql, unless, before) => {
    const said = (await judged([base, sql], engine)).find(({ rule }) => rule === "contradicting-history")?.message;
    expect(said).toMatch(before.includes(engine) ? /\(1364\)\.$/ : /(?:1364|1048)\), unless/);
    if (!before.includes(engine)) expect(said).toContain(unless);
  });
  test("a routine that leaves one out is told, and one that may end before it is not", async () => {
    const routine = (body: string) =>
      `CREATE PROCEDURE p(i int) b: BEGIN ${body} INSERT INTO orgs (id) VALUES (i); END;`;
    expect(await allRules([base, routine("")], engine)).toContain("contradicting-history");
    expect(await allRules([base, routine("IF i = 0 THEN LEAVE b; END IF;")], engine)).toBe("");
    expect(await allRules([base, routine("DECLARE EXIT HANDLER FOR SQLEXCEPTION SELECT 1;")], engine)).toBe("");
  });

  describeServer(engine, (server) => {
    test("does what is said of it", async () => {
      const db = await server.createDatabase("missing");
      for (const sql of [base, numbered]) await query(db.url, sql);
      for (const [sql, , before] of OF_ROWS) {
        const run = query(db.url, sql);
        if (before.includes(engine)) await expect(run).rejects.toMatchObject({ errno: 1364 });
        else await run;
      }
      await query(db.url, "INSERT INTO orgs VALUES (77, 'x', 'a');");
      for (const [sql, errno] of refused) await expect(query(db.url, sql)).rejects.toMatchObject({ errno });
      for (const sql of taken.filter((text) => !text.startsWith("SET"))) await query(db.url, sql);
      await db.drop();
    });
  });
});

describeServer("postgres", (server) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await server.createDatabase("missing");
    await query(db.url, BASE);
  });
  afterAll(() => db?.drop());

  test.each(REFUSED)("refuses %s", async (sql, code) => {
    await expect(query(db.url, sql)).rejects.toMatchObject({ code });
  });
  test.each(TAKEN)("takes %s", async (sql) => {
    await query(db.url, `BEGIN; ${sql}; ROLLBACK`);
  });
  test.each(OF_ROWS)("takes %s where there is no row", async (sql, unless) => {
    expect((await judged([BASE, sql], "postgres", "18")).map(({ message }) => message).join()).toContain(unless);
    await query(db.url, `BEGIN; ${sql} ROLLBACK`);
  });
  test.each(PARTS_REFUSED)("refuses an index over %s", async (part) => {
    await expect(query(db.url, `CREATE INDEX i ON users ${part}`)).rejects.toMatchObject({ code: "42P17" });
  });
  test.each(PARTS_TAKEN)("takes an index over %s", async (part) => {
    await query(db.url, `BEGIN; CREATE INDEX i ON users ${part}; ROLLBACK`);
  });
  test("DROP CAST and DROP TEXT SEARCH CONFIGURATION break what relies on them", async () => {
    await query(db.url, "CREATE TEXT SEARCH CONFIGURATION en (copy = simple)");
    await query(db.url, "DROP TEXT SEARCH CONFIGURATION en");
    await expect(query(db.url, "SELECT to_tsvector('en', 'x')")).rejects.toMatchObject({ code: "42704" });
    await query(db.url, "CREATE CAST (text AS mood) WITH INOUT AS ASSIGNMENT");
    await query(db.url, "BEGIN; INSERT INTO orgs (name, m) SELECT 'y', 'a'::text; ROLLBACK");
    await query(db.url, "DROP CAST (text AS mood)");
    await expect(query(db.url, "INSERT INTO orgs (name, m) SELECT 'y', 'a'::text")).rejects.toMatchObject({
      code: "42804",
    });
  });
});
