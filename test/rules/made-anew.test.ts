import { describe, expect, test } from "vitest";
import { allRules, judged, rules } from "./judged.js";

const BASE = `CREATE TABLE users (id bigint PRIMARY KEY, mail text, nick text);
CREATE VIEW active AS SELECT id, mail FROM users WHERE nick IS NULL;
CREATE FUNCTION add1(i int) RETURNS int LANGUAGE sql AS 'SELECT i + 1';
CREATE PROCEDURE tidy(n int) LANGUAGE sql AS 'SELECT 1';`;
const body = "LANGUAGE sql AS 'SELECT 5'";
const anew = (drop: string, create: string) => `BEGIN; ${drop}; ${create}; COMMIT;`;

// PostgreSQL 18: 150 such transactions under four clients, simple and prepared: of 26,000 statements none failed.
describe("a view that one transaction drops and makes again", () => {
  test.each([
    "SELECT id, mail FROM users",
    "SELECT id, mail, nick FROM users",
    "SELECT id, mail FROM users WHERE nick IS NULL",
  ])("%s", async (query) => {
    expect(await rules([BASE, anew("DROP VIEW active", `CREATE VIEW active AS ${query}`)])).toBe("");
  });

  test("that shows fewer rows", async () => {
    const made = anew("DROP VIEW active", "CREATE VIEW active AS SELECT 1 AS id, 'x' AS mail");
    expect(await rules([BASE, made])).toBe("narrowing-view");
  });

  test.each([
    "SELECT mail, id FROM users",
    "SELECT id FROM users",
    "SELECT id, nick FROM users",
    "SELECT id, lower(mail) FROM users",
    "SELECT * FROM users, users u",
  ])("but not %s", async (query) => {
    const sql = anew("DROP VIEW active", `CREATE VIEW active AS ${query}`);
    expect(await rules([BASE, sql])).toBe("breaking-running-code");
  });

  test("in two transactions, or with CASCADE, it is missing", async () => {
    const create = "CREATE VIEW active AS SELECT id, mail FROM users;";
    expect(await rules([BASE, anew("DROP VIEW active CASCADE", create)])).toContain("breaking-running-code");
    expect(await rules([BASE, `BEGIN; DROP VIEW active; COMMIT; BEGIN; ${create} COMMIT;`])).toBe(
      "breaking-running-code",
    );
  });

  test("has the rights that are given again", async () => {
    const granted = `${BASE} GRANT SELECT ON active TO app;`;
    const create = "CREATE VIEW active AS SELECT id, mail FROM users";
    const [lost] = await judged([granted, anew("DROP VIEW active", create)]);
    expect(lost?.message).toContain("without SELECT app (42501)");
    expect(await rules([granted, anew("DROP VIEW active", `${create}; GRANT SELECT ON active TO app`)])).toBe("");
    const all = "GRANT ALL ON ALL TABLES IN SCHEMA public TO app";
    expect(await rules([granted, anew("DROP VIEW active", `${create}; ${all}`)])).toBe("");
    expect(await rules([granted, anew(`DROP VIEW active; ${all}`, create)])).toBe("breaking-running-code");
    expect(await rules([`${granted} REVOKE SELECT ON active FROM app;`, anew("DROP VIEW active", create)])).toBe("");
    expect(await allRules([BASE, anew("DROP VIEW active", create)])).toBe("replacing-routine view-without-rights");
  });

  test("of a view that no file made nothing is known, unless files made all that it reads", async () => {
    const other = anew("DROP VIEW IF EXISTS other", "CREATE VIEW other AS SELECT id FROM users");
    expect(await rules([BASE, other])).toBe("");
    expect(await rules([BASE, other.replace("IF EXISTS ", "")])).toBe("breaking-running-code");
    expect(await rules([BASE, other.replace("FROM users", "FROM people")])).toBe("breaking-running-code");
  });

  test("OR REPLACE of a view that nobody has makes it, and waits for nobody", async () => {
    const beside = (view: string) => `BEGIN; ALTER TABLE users ADD COLUMN more int; ${view}; COMMIT;`;
    const first = "CREATE OR REPLACE VIEW other AS SELECT id FROM users";
    expect(await rules([BASE, beside(first)])).toBe("");
    expect(await rules([BASE, beside(`${first}; DROP VIEW other`)])).toBe("");
    expect(await rules([BASE, beside(first.replace("other", "active"))])).toContain("locking-several-tables");
    expect(await rules([BASE, beside(first.replace("users", "people"))])).toContain("locking-several-tables");
    expect(await rules(["", beside(first)])).toContain("locking-several-tables");
  });

  test("a materialized view is built while its readers wait", async () => {
    const base = `${BASE} CREATE MATERIALIZED VIEW m AS SELECT id FROM users;`;
    const create = "CREATE MATERIALIZED VIEW m AS SELECT id FROM users";
    expect(await rules([base, anew("DROP MATERIALIZED VIEW m", create)])).toBe("working-under-lock");
    expect(await rules([base, anew("DROP MATERIALIZED VIEW m", `${create} WITH NO DATA`)])).toBe(
      "breaking-running-code",
    );
  });
});

// PostgreSQL 18: simple and prepared statements, before and behind each of the transactions.
describe("a view or function that one transaction makes again with other columns", () => {
  const base = `CREATE TABLE a (id int PRIMARY KEY, n text); CREATE TABLE b (id int, a_id int);
CREATE VIEW v AS SELECT a.id, b.id AS bid FROM a LEFT JOIN b ON b.a_id = a.id;
CREATE VIEW s AS SELECT a.*, b.id AS bid FROM a LEFT JOIN b ON b.a_id = a.id;
CREATE VIEW w AS SELECT id, n FROM a;
CREATE FUNCTION g() RETURNS TABLE (id int) LANGUAGE sql AS 'select id from a';
CREATE FUNCTION h(OUT id int, OUT k int) RETURNS SETOF record LANGUAGE sql AS 'select id, 3 from a';
CREATE FUNCTION o(OUT x int) LANGUAGE sql AS 'select 1';`;
  const join = "FROM a LEFT JOIN b ON b.a_id = a.id";
  const told = async (sql: string) => {
    const found = await judged([base, `BEGIN; ${sql}; COMMIT;`]);
    return found
      .filter(({ rule }) => rule === "breaking-running-code")
      .map(({ severity, message }) => `${severity} ${message}`)
      .join("; ");
  };

  test.each([
    [
      `DROP VIEW v; CREATE VIEW v AS SELECT a.id, a.n, b.id AS bid ${join}`,
      '"id", "n", "bid", and no longer "id", "bid"',
    ],
    ["DROP VIEW w; CREATE VIEW w AS SELECT n, id FROM a", '"n", "id", and no longer "id", "n"'],
    [
      `ALTER TABLE a ADD COLUMN more int; DROP VIEW s; CREATE VIEW s AS SELECT a.*, b.id AS bid ${join}`,
      '"id", "n", "more", "bid", and no longer',
    ],
    [
      `DROP VIEW s; ALTER TABLE a ADD COLUMN more int; CREATE VIEW s AS SELECT a.*, b.id AS bid ${join}`,
      '"id", "n", "more", "bid", and no longer',
    ],
    ["DROP FUNCTION g(); CREATE FUNCTION g() RETURNS TABLE (id int, n text) LANGUAGE sql AS 'x'", "meet a row (42883)"],
    [
      "DROP FUNCTION h(); CREATE FUNCTION h() RETURNS TABLE (id int, n text, k int) LANGUAGE sql AS 'x'",
      '"id", "n", "k", and no longer "id", "k"',
    ],
    ["DROP VIEW w; CREATE VIEW w AS SELECT id::bigint AS id, n FROM a", '"id" is bigint, and no longer int'],
    [
      "CREATE VIEW x AS SELECT n, id FROM a; DROP VIEW w; ALTER VIEW x RENAME TO w",
      '"n", "id", and no longer "id", "n"',
    ],
  ])("%s: who reads by position is warned", async (sql, expected) => {
    const found = await told(sql);
    expect(found).toMatch(/^warning /);
    expect(found).toContain(expected);
  });

  test.each([
    [`DROP VIEW v; CREATE VIEW v AS SELECT a.id, a.n ${join}`, 'statements that name "bid" of view "v" fail (42703)'],
    ["DROP VIEW w; CREATE VIEW w AS SELECT id::text AS id, n FROM a", '"id" is text, and no longer int'],
    ["CREATE VIEW x AS SELECT id FROM a; DROP VIEW w; ALTER VIEW x RENAME TO w", '"n" of view "w" fail (42703)'],
    ["DROP FUNCTION h(); CREATE FUNCTION h(OUT id int, OUT n int) RETURNS SETOF record LANGUAGE sql AS 'x'", '"k" of'],
    ["DROP FUNCTION h(); CREATE FUNCTION h(OUT id int, OUT k int) LANGUAGE sql AS 'x'", "function h() fail"],
    ["DROP FUNCTION o(); CREATE FUNCTION o(OUT x int, OUT y int) LANGUAGE sql AS 'x'", "function o() fail"],
    ["DROP VIEW v; CREATE VIEW v AS SELECT * FROM never", "view v fail"],
    ["DROP VIEW s; ALTER TABLE a DROP COLUMN n; CREATE VIEW s AS SELECT a.*, b.id AS bid FROM a, b", '"n" of view "s"'],
  ])("%s: what fails is an error", async (sql, expected) => {
    const found = await told(sql);
    expect(found).toMatch(/^error /);
    expect(found).toContain(expected);
  });

  test("that shows fewer rows says so as well", async () => {
    const made = "BEGIN; DROP VIEW w; CREATE VIEW w AS SELECT n, id FROM a WHERE id > 5; COMMIT;";
    expect(await rules([base, made])).toBe("breaking-running-code narrowing-view");
  });
});

describe("a view that is built beside the old one, and takes its name", () => {
  const base = `CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t; GRANT SELECT ON v TO app;
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;`;
  const exchange = "BEGIN; DROP VIEW v; ALTER VIEW v_new RENAME TO v; COMMIT;";

  test.each([
    [`CREATE VIEW v_new AS SELECT a, b FROM t; GRANT SELECT ON v_new TO app; ${exchange}`, ""],
    [
      "CREATE MATERIALIZED VIEW n AS SELECT a, b FROM t; BEGIN; DROP MATERIALIZED VIEW m; ALTER MATERIALIZED VIEW n RENAME TO m; COMMIT;",
      "",
    ],
    [`CREATE VIEW v_new AS SELECT a, b FROM t; ${exchange}`, "breaking-running-code"],
    [`CREATE VIEW v_new AS SELECT b, a FROM t; GRANT SELECT ON v_new TO app; ${exchange}`, "breaking-running-code"],
    [`CREATE VIEW v_new AS SELECT a FROM t WHERE b > 1; GRANT SELECT ON v_new TO app; ${exchange}`, "narrowing-view"],
    [
      "CREATE MATERIALIZED VIEW n AS SELECT a FROM t; DROP MATERIALIZED VIEW m; ALTER MATERIALIZED VIEW n RENAME TO m;",
      "breaking-running-code",
    ],
  ])("%s", async (sql, expected) => {
    expect(await rules([base, sql])).toBe(expected);
  });
});

// PostgreSQL 18: of 30,000 statements beside 300 such transactions one failed (XX000, prepared).
describe("a routine that one transaction drops and makes again", () => {
  test.each([
    ["DROP FUNCTION add1(int)", `CREATE FUNCTION add1(i int) RETURNS int ${body}`],
    ["DROP FUNCTION add1", `CREATE FUNCTION add1(i integer) RETURNS int4 ${body}`],
    ["DROP PROCEDURE tidy(int)", `CREATE PROCEDURE tidy(n int) ${body}`],
  ])("%s; %s", async (drop, create) => {
    const findings = await judged([BASE, anew(drop, create)]);
    expect(findings.map(({ rule, severity }) => `${severity} ${rule}`)).toEqual(["info replacing-routine"]);
    expect(findings[0]?.message).toContain("XX000");
  });

  // PostgreSQL 15 and 18: 42883 for add1(i => 1); CREATE OR REPLACE is refused, 42P13.
  test("calls that name an argument fail when it is called otherwise", async () => {
    const [found] = await judged([
      BASE,
      anew("DROP FUNCTION add1(int)", `CREATE FUNCTION add1(j int) RETURNS int ${body}`),
    ]);
    expect(found).toMatchObject({ rule: "breaking-running-code", severity: "error" });
    expect(found?.message).toContain('calls that name "i" of its arguments fail (42883)');
    expect(found?.help).toMatch(/^Keep the names of the arguments, and write CREATE OR REPLACE/);
  });

  // PostgreSQL 18: OR REPLACE of more arguments makes a function beside the old one (42725).
  test("OR REPLACE is only said where it does the same", async () => {
    const more = `CREATE FUNCTION add1(i int, j int DEFAULT 1) RETURNS int ${body}`;
    const [found] = await judged([BASE, anew("DROP FUNCTION add1(int)", more)]);
    expect(found?.help).not.toContain("OR REPLACE");
  });

  test("of one that no file has made there is nothing to be told", async () => {
    const never = anew("DROP FUNCTION IF EXISTS never(text)", `CREATE FUNCTION never(t text) RETURNS int ${body}`);
    expect(await judged([BASE, never])).toEqual([]);
  });

  test.each([
    ["DROP FUNCTION add1(int)", `CREATE FUNCTION add1(i bigint) RETURNS int ${body}`],
    ["DROP FUNCTION add1(int)", `CREATE FUNCTION add1(i int) RETURNS bigint ${body}`],
    ["DROP FUNCTION add1(int)", `CREATE FUNCTION add1(i int[]) RETURNS int ${body}`],
    ["DROP FUNCTION add1(int)", `CREATE FUNCTION add1(i int) RETURNS SETOF int ${body}`],
    ["DROP FUNCTION add1(int)", `CREATE FUNCTION add2(i int) RETURNS int ${body}`],
    ["DROP FUNCTION never(text)", `CREATE FUNCTION never(t text) RETURNS int ${body}`],
  ])("but not %s; %s", async (drop, create) => {
    expect(await rules([BASE, anew(drop, create)])).toBe("breaking-running-code");
  });
});

test("a routine that is dropped is told by its arguments", async () => {
  const [found] = await judged([
    `${BASE} CREATE FUNCTION add1(t text) RETURNS int ${body};`,
    "DROP FUNCTION add1(text);",
  ]);
  expect(found?.message).toContain("statements that name function add1(text) fail");
});

// PostgreSQL 18: the trigger is gone, the table and its rows are not.
test("a trigger function that is dropped with CASCADE takes its triggers with it", async () => {
  const base = `${BASE} CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER stamped BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION stamp();`;
  const told = async (sql: string) =>
    (await judged([base, sql])).find(({ rule }) => rule === "breaking-running-code")?.message;
  expect(await told("DROP FUNCTION stamp() CASCADE;")).toBe(
    "Running code suffers from this: trigger stamped on users goes with function stamp(), and rows are written without what that did.",
  );
  expect(await told("DROP COLLATION german CASCADE;")).toBe(
    "Running code suffers from this: what needs it, if anything does, goes with collation german.",
  );
});

// PostgreSQL 18: 42P13 cannot change return type, cannot change name of input parameter, cannot remove parameter defaults; 42723.
describe("CREATE OR REPLACE FUNCTION keeps what it returns, and the names of its arguments", () => {
  const defaulted = `${BASE} CREATE FUNCTION add2(i int, j int DEFAULT 1) RETURNS TABLE (a int) ${body};
CREATE FUNCTION pair() RETURNS TABLE (x int, y int) ${body};`;

  test.each([
    `CREATE OR REPLACE FUNCTION add1(i int) RETURNS bigint ${body};`,
    `CREATE OR REPLACE FUNCTION add1(j int) RETURNS int ${body};`,
    `CREATE OR REPLACE FUNCTION add1(int) RETURNS int ${body};`,
    `CREATE OR REPLACE FUNCTION add2(i int, j int) RETURNS TABLE (a int) ${body};`,
    `CREATE OR REPLACE FUNCTION pair() RETURNS TABLE (x int, z int) ${body};`,
    `CREATE FUNCTION add1(i int) RETURNS int ${body};`,
    `CREATE OR REPLACE PROCEDURE tidy(m int) ${body};`,
  ])("%s", async (sql) => {
    expect(await rules([defaulted, sql])).toBe("contradicting-history");
  });

  test.each([
    `CREATE OR REPLACE FUNCTION add1(i integer) RETURNS int4 ${body};`,
    `CREATE OR REPLACE FUNCTION add1(i int DEFAULT 2) RETURNS int ${body};`,
    `CREATE OR REPLACE FUNCTION add2(i int, j int DEFAULT 1) RETURNS TABLE (b int) ${body};`,
    `CREATE OR REPLACE FUNCTION add1(i text) RETURNS bigint ${body};`,
    `CREATE FUNCTION add1(i bigint) RETURNS int ${body};`,
    `CREATE OR REPLACE FUNCTION never(j int) RETURNS bigint ${body};`,
    `BEGIN; DROP FUNCTION add1(int); CREATE FUNCTION add1(i int) RETURNS int ${body}; COMMIT;`,
  ])("but not %s", async (sql) => {
    expect(await rules([defaulted, sql])).toBe("");
  });
});

describe("what OR REPLACE puts in the place of another one", () => {
  const VIEW = "CREATE OR REPLACE VIEW active AS SELECT id, mail, nick FROM users WHERE nick IS NULL;";
  const FUNCTION = `CREATE OR REPLACE FUNCTION add1(i int) RETURNS int ${body};`;
  test.each([
    ["Running code gets the new view from this moment on.", VIEW],
    ["Running code gets the new function from this moment on.", FUNCTION],
    ["Running code gets the new view from this moment on.", `DROP VIEW active; ${BASE.split("\n")[1]}`, VIEW],
    ["If a view of this name is there, running code gets", "DROP VIEW active;", VIEW],
    ["If a function of this name is there, running code gets", "DROP FUNCTION add1(int);", FUNCTION],
    ["If a view of this name is there, running code gets", VIEW.replace("active", "old")],
  ])("%s", async (said, ...files) => {
    const found = (await judged([BASE, ...files])).find(({ rule }) => rule === "replacing-routine");
    expect(found?.message.startsWith(said)).toBe(true);
  });
});
