import { describe, expect, test } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { judged, rules } from "./judged.js";

const made = (name: string, body: string, more = "") =>
  `CREATE OR REPLACE FUNCTION ${name}(t text) RETURNS text IMMUTABLE LANGUAGE sql ${more} AS '${body}';`;
const PLAIN = made("plain", "SELECT lower(t)").replace("OR REPLACE ", "");
const OTHER = made("plain", "SELECT upper(t)");
const TABLE = "CREATE TABLE people (id int, mail text);";
const INDEX = "CREATE INDEX people_mail ON people (plain(mail));";

const RULE = "changing-indexed-function";

describe("a function whose results are kept gets another body", () => {
  test.each([
    ["an index", INDEX, 'Index "people_mail" of "people" keeps'],
    ["a unique index", INDEX.replace("INDEX", "UNIQUE INDEX"), "rows that are alike get in"],
    ["a partial index", "CREATE INDEX i ON people (id) WHERE plain(mail) = 'x';", 'Index "i"'],
    [
      "a generated column",
      "ALTER TABLE people ADD COLUMN p text GENERATED ALWAYS AS (plain(mail)) STORED;",
      'Column "p"',
    ],
    ["a CHECK", "ALTER TABLE people ADD CONSTRAINT c CHECK (plain(mail) <> '');", 'CHECK "c" of "people"'],
    ["a CHECK of a column", "CREATE TABLE u (mail text CHECK (public.plain(mail) <> ''));", 'CHECK "u_mail_check"'],
    ["an exclusion", "ALTER TABLE people ADD CONSTRAINT x EXCLUDE (plain(mail) WITH =);", 'Constraint "x"'],
    ["partitions", "CREATE TABLE parts (mail text) PARTITION BY LIST (plain(mail));", 'Rows of "parts" stay'],
    [
      "a function that calls it",
      `${made("outside", "SELECT plain(t)")} CREATE INDEX i ON people (outside(mail));`,
      'Index "i" of "people"',
    ],
  ])("%s", async (_, keeper, harm) => {
    const [found] = await judged([PLAIN + TABLE, keeper, OTHER]);
    expect(found).toMatchObject({ rule: RULE, severity: "error" });
    expect(found?.message).toContain(harm);
  });

  test("the way is written out", async () => {
    const [index] = await judged([PLAIN + TABLE + INDEX, OTHER]);
    expect(index?.help).toContain('CREATE INDEX CONCURRENTLY "people_mail_2" ON "people" ("plain_2"(mail));');
    const check = "ALTER TABLE people ADD CONSTRAINT c CHECK (plain(mail) <> plain('a'));";
    const [constraint] = await judged([PLAIN + TABLE + check, OTHER]);
    expect(constraint?.help).toContain(`CHECK ("plain_2"(mail) <> "plain_2"('a')) NOT VALID;`);
  });

  test.each([
    ["ALTER FUNCTION plain(text) STRICT;", RULE],
    ["ALTER FUNCTION plain(text) SET datestyle = 'iso';", RULE],
    ["ALTER FUNCTION plain(text) SET search_path = public;", ""],
    ["ALTER FUNCTION plain(text) COST 10;", ""],
    [made("plain", "SELECT  lower( t ) -- the same\n").replace("( t )", "(t)"), ""],
    [made("plain", "SELECT lower(t)", "PARALLEL SAFE COST 5"), ""],
    [made("plain", "SELECT lower(t)", "STRICT"), RULE],
    [made("plain", "SELECT lower(t)").replace("(t text)", "(t text, n int)"), ""],
    [made("plainer", "SELECT upper(t)"), ""],
    [`${OTHER} REINDEX INDEX people_mail;`, "blocking-table-access"],
    [`${OTHER} REINDEX TABLE CONCURRENTLY people;`, ""],
    [`DROP INDEX people_mail; ${OTHER}`, "require-concurrent-index-deletion"],
    [`${made("fresh", "SELECT t")} CREATE TABLE q (a text); CREATE INDEX q_a ON q (fresh(a));`, ""],
  ])("%s", async (change, expected) => {
    const found = await rules([PLAIN + TABLE + INDEX, change]);
    expect(found.split(" ").includes(RULE) ? RULE : found).toBe(expected);
  });

  test("a function that no file made, and one that the same file made", async () => {
    expect(await rules([TABLE + INDEX, OTHER])).toBe(RULE);
    expect(await rules([`${PLAIN} ${TABLE} ${INDEX} ${OTHER}`])).toBe("");
    const two = `${PLAIN} ${PLAIN.replace("(t text)", "(t text, n int)")}`;
    expect(await rules([two + TABLE + INDEX, OTHER.replace("(t text)", "(t text, n int)")])).toBe("");
    expect(await rules([`${PLAIN} CREATE TABLE plain (a text); CREATE INDEX i ON plain (a);`, OTHER])).toBe("");
    expect(await rules([`${PLAIN} CREATE VIEW v AS SELECT plain('a');`, OTHER])).toBe("");
  });
});

describeServer("postgres", (server) => {
  test("what is kept is of the old body", async () => {
    const db = await server.createDatabase("kept");
    const run = (sql: string) => query(db.url, sql);
    await run(`${PLAIN} CREATE TABLE people (mail text, p text GENERATED ALWAYS AS (plain(mail)) STORED)`);
    await run("ALTER TABLE people ADD CONSTRAINT c CHECK (plain(mail) <> 'A')");
    await run("CREATE UNIQUE INDEX people_mail ON people (plain(mail))");
    await run("INSERT INTO people SELECT 'a' || n FROM generate_series(1, 1000) n; INSERT INTO people VALUES ('a')");
    await run(`${OTHER} ANALYZE people`);
    const found = "SELECT count(*)::int AS n FROM people WHERE plain(mail) = 'A7'";
    expect(JSON.stringify(await run(`EXPLAIN ${found}`))).toContain("people_mail");
    expect(await run(found)).toEqual([{ n: 0 }]);
    await run("INSERT INTO people VALUES ('A7')");
    expect(await run("SELECT p FROM people WHERE mail = 'a7'")).toEqual([{ p: "a7" }]);
    await expect(run("UPDATE people SET mail = mail WHERE mail = 'a'")).rejects.toThrow(/check constraint/);
    await expect(run("REINDEX INDEX people_mail")).rejects.toThrow(/could not create unique index/);
    await run("DELETE FROM people WHERE mail = 'A7'; REINDEX INDEX people_mail");
    expect(await run(found)).toEqual([{ n: 1 }]);
    await db.drop();
  });
});

describe.each(["mysql", "mariadb"] as const)("%s", (engine) => {
  describeServer(engine, (server) => {
    test("the server keeps no result of a stored function", async () => {
      const db = await server.createDatabase("kept");
      await query(db.url, "CREATE FUNCTION plain(t int) RETURNS int DETERMINISTIC NO SQL RETURN t + 1");
      for (const part of ["b int AS (plain(a)) STORED", "CHECK (plain(a) > 1)", "KEY k ((plain(a)))"]) {
        await expect(query(db.url, `CREATE TABLE t (a int, ${part})`)).rejects.toThrow();
      }
      await db.drop();
    });
  });
});
