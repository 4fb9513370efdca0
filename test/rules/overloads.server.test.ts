import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeServer, query, type TestDatabase } from "../servers/index.js";
import { allRules, judged, rules } from "./judged.js";

const body = (sql: string) => `LANGUAGE sql AS '${sql}'`;
const BASE = `CREATE FUNCTION add1(i int) RETURNS int ${body("SELECT i + 1")};
CREATE FUNCTION opt(i int, j int DEFAULT 0) RETURNS int ${body("SELECT i + j")};`;
const MORE = `CREATE OR REPLACE FUNCTION add1(i int, j int DEFAULT 0) RETURNS int ${body("SELECT i + j + 1")};`;
const LONGER = `CREATE FUNCTION opt(i int, j int, k int DEFAULT 0) RETURNS int ${body("SELECT i + j + k")};`;
const OTHER = `CREATE FUNCTION add1(i bigint) RETURNS bigint ${body("SELECT i + 1")};`;
const FREE = `CREATE FUNCTION add1(i int, j int) RETURNS int ${body("SELECT i + j")};`;
/** With more defaults: the old one alone, and both. */
const NONE = `CREATE OR REPLACE FUNCTION add1(i int DEFAULT 0) RETURNS int ${body("SELECT i + 1")};`;
const ALL = `CREATE OR REPLACE FUNCTION add1(i int DEFAULT 0, j int DEFAULT 0) RETURNS int ${body("SELECT i + j + 1")};`;

describe("a routine beside one of its name", () => {
  test.each([MORE, LONGER])("whose calls fail: %s", async (sql) => {
    const [found] = (await judged([BASE, sql])).filter(({ severity }) => severity === "error");
    expect(found?.rule).toBe("breaking-running-code");
    expect(found?.message).toContain("42725");
    expect(found?.help).toContain("DROP FUNCTION");
  });
  test("changes nothing of calls that failed before, and tells those that fail from here on", async () => {
    expect(await rules([BASE + MORE, MORE.replace("+ 1", "+ 2")])).toBe("");
    expect(await rules([BASE + MORE, NONE])).toBe("");
    const [found] = (await judged([BASE + NONE + MORE, ALL])).filter(({ severity }) => severity === "error");
    expect(found?.message).toContain("add1(int4) stays beside this one, and its calls fail");
    expect(await rules([BASE + FREE, MORE])).toBe("breaking-running-code");
  });
  test("of other types may be meant", async () => {
    expect(await allRules([BASE, OTHER])).toBe("replacing-routine");
    expect(await allRules([BASE, FREE])).toBe("");
  });
  test.each([
    `BEGIN; DROP FUNCTION add1(int); ${MORE} COMMIT;`,
    `BEGIN; ${MORE} DROP FUNCTION add1(int); COMMIT;`,
    `-- zmigrate:phase contract\n${MORE}`,
  ])("and takes its calls: %s", async (sql) => {
    expect(await rules([BASE, sql])).toBe("");
  });
  test.each([
    `BEGIN; DROP FUNCTION add1(int); CREATE FUNCTION add1(i int, j int) RETURNS int ${body("SELECT 1")}; COMMIT;`,
    `BEGIN; DROP FUNCTION add1(int); CREATE FUNCTION add1(i int, j int DEFAULT 0) RETURNS bigint ${body("SELECT 1")}; COMMIT;`,
    `BEGIN; DROP FUNCTION add1(int); CREATE FUNCTION add1(n int, j int DEFAULT 0) RETURNS int ${body("SELECT 1")}; COMMIT;`,
    `${MORE} DROP FUNCTION add1(int);`,
  ])("but not: %s", async (sql) => {
    expect(await rules([BASE, sql])).toBe("breaking-running-code");
  });
});

const TWO = `${BASE} ${OTHER}`;
/** Which one goes is not said, or is none: with what the server says. */
const NO_DROP = [
  ["DROP FUNCTION add1;", "42725"],
  ["DROP FUNCTION add1(text);", "42883"],
  ["DROP FUNCTION opt(int);", "42883"],
] as const;
const DROPS = [
  "DROP FUNCTION add1(integer);",
  "DROP FUNCTION add1(i bigint);",
  "DROP FUNCTION opt;",
  "DROP FUNCTION IF EXISTS add1(text);",
];

describe("DROP of one routine of several", () => {
  const said = async (sql: string) =>
    (await judged([TWO, sql])).find(({ rule }) => rule === "contradicting-history")?.message ?? "";
  test.each(NO_DROP)("%s is refused", async (sql, code) => expect(await said(sql)).toContain(`(${code})`));
  test.each(DROPS)("%s is not", async (sql) => expect(await said(sql)).toBe(""));
});

const RIGHTS = `CREATE TABLE archive (id bigint PRIMARY KEY); CREATE TABLE users (id bigint PRIMARY KEY);
CREATE FUNCTION secret() RETURNS bigint SECURITY DEFINER ${body("SELECT count(*) FROM archive")};
CREATE FUNCTION plain() RETURNS bigint ${body("SELECT count(*) FROM archive")};
CREATE VIEW inv WITH (security_invoker = true) AS SELECT id FROM archive;
CREATE VIEW act AS SELECT id FROM users;
CREATE VIEW bar WITH (security_barrier) AS SELECT id FROM users;`;
const CALLER = `CREATE OR REPLACE FUNCTION secret() RETURNS bigint ${body("SELECT count(*) FROM archive")};`;
const SHOWN = "CREATE OR REPLACE VIEW inv AS SELECT id FROM archive;";
const INVOKER = "ALTER VIEW act SET (security_invoker = true);";

describe("a function or view that runs with other rights", () => {
  test.each([
    CALLER,
    `CREATE OR REPLACE FUNCTION plain() RETURNS bigint SECURITY DEFINER ${body("SELECT count(*) FROM archive")};`,
    `BEGIN; DROP FUNCTION secret(); ${CALLER} COMMIT;`,
    SHOWN,
    "ALTER VIEW inv RESET (security_invoker);",
    "ALTER VIEW inv SET (security_invoker = off);",
    INVOKER,
    "CREATE OR REPLACE VIEW bar AS SELECT id FROM users;",
    `BEGIN; DROP VIEW inv; ${SHOWN} COMMIT;`,
  ])("%s", async (sql) => {
    expect(await rules([RIGHTS, sql])).toBe("changing-whose-rights");
  });
  test.each([
    CALLER.replace("bigint", "bigint SECURITY DEFINER"),
    CALLER.replace("secret", "plain"),
    SHOWN.replace("inv", "inv WITH (security_invoker)"),
    "ALTER VIEW inv SET (security_barrier = true);",
    "ALTER VIEW act RESET (security_invoker);",
    `${INVOKER.replace("act", "inv")}`,
  ])("but not: %s", async (sql) => {
    expect(await rules([RIGHTS, sql])).toBe("");
  });
});

describeServer("postgres", (server) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await server.createDatabase("overloads");
    await query(db.url, `${BASE} ${RIGHTS}`);
  });
  afterAll(() => db?.drop());
  const within = (sql: string) => query(db.url, `BEGIN; ${sql}`);

  test("cannot tell which routine is meant", async () => {
    for (const sql of [`${MORE} SELECT add1(1)`, `${LONGER} SELECT opt(1, 2)`, `${OTHER} SELECT add1('1')`])
      await expect(within(sql)).rejects.toMatchObject({ code: "42725" });
    await within(`${NONE} ${MORE} SELECT add1()`);
    for (const sql of [`${MORE} ${NONE} SELECT add1(1)`, `${NONE} ${MORE} ${ALL} SELECT add1()`])
      await expect(within(sql)).rejects.toMatchObject({ code: "42725" });
    await within(`${FREE} SELECT add1(1), add1('1')`);
    await within(`${MORE} DROP FUNCTION add1(int); SELECT add1(1), add1('1')`);
  });

  test("drops one of several by its arguments", async () => {
    for (const [sql, code] of NO_DROP) await expect(within(`${OTHER} ${sql}`), sql).rejects.toMatchObject({ code });
    for (const sql of DROPS) await within(`${OTHER} ${sql}`);
  });

  test("runs what is replaced with other rights", async () => {
    const as = (sql: string, ask: string) =>
      within(
        `CREATE ROLE z_reader; GRANT USAGE ON SCHEMA public TO z_reader; GRANT SELECT ON inv, act TO z_reader; ${sql} SET LOCAL ROLE z_reader; ${ask}`,
      );
    await as("", "SELECT secret(); SELECT * FROM act");
    const refused = { code: "42501" };
    await expect(as(CALLER, "SELECT secret()")).rejects.toMatchObject(refused);
    await expect(as(INVOKER, "SELECT * FROM act")).rejects.toMatchObject(refused);
    await expect(as("", "SELECT * FROM inv")).rejects.toMatchObject(refused);
    await as(SHOWN, "SELECT * FROM inv");
  });
});
