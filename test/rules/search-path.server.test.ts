import { describe, expect, test } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { allRules, judged, rules } from "./judged.js";

const BASE = `CREATE TABLE log (id bigserial PRIMARY KEY, what text);
CREATE TABLE t (id int);
CREATE TYPE mood AS ENUM ('a');
CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION many() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(*) FROM log); END $$;
CREATE FUNCTION kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log (what) VALUES (TG_OP); RETURN NEW; END $$;
CREATE TRIGGER kept AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION kept();`;

const routine = (body: string, path = "") =>
  `CREATE OR REPLACE FUNCTION f() RETURNS text LANGUAGE plpgsql ${path} AS $$ DECLARE x text; BEGIN ${body} RETURN x; END $$;`;
const EMPTY = "ALTER FUNCTION f() SET search_path = '';";

/** What a body does, how the search_path is set, and the code that a call then fails with; null where it goes on. */
type Case = readonly [body: string, set: string, code: string | null, what: string];
const CASES: readonly Case[] = [
  ["SELECT what INTO x FROM log LIMIT 1;", EMPTY, "42P01", "table log"],
  ["SELECT what INTO x FROM log LIMIT 1;", "ALTER FUNCTION f SET search_path TO pg_catalog, pg_temp;", "42P01", "log"],
  [
    "SELECT what INTO x FROM log LIMIT 1;",
    "ALTER FUNCTION f() SET search_path = 'pg_catalog, public';",
    "42P01",
    "log",
  ],
  ["SELECT what INTO x FROM public.log WHERE lower(what) = pg_typeof(1)::text;", EMPTY, null, ""],
  ["SELECT what INTO x FROM log LIMIT 1;", "ALTER FUNCTION f() SET search_path = pg_catalog, public;", null, ""],
  ["SELECT what INTO x FROM log LIMIT 1;", "ALTER FUNCTION f() SET work_mem = '4MB';", null, ""],
  ["SELECT what INTO x FROM log LIMIT 1;", "ALTER FUNCTION f() RESET search_path;", null, ""],
  ["x := one();", EMPTY, "42883", "function one()"],
  ["x := public.one();", EMPTY, null, ""],
  ["SELECT 'a'::mood INTO x;", EMPTY, "42704", "type mood"],
  ["SELECT 'a'::public.mood INTO x;", EMPTY, null, ""],
  ["x := public.many();", EMPTY, "42P01", "table log"],
  ["INSERT INTO public.t VALUES (1);", EMPTY, "42P01", "table log"],
  ["CREATE TEMP TABLE mine (a int); INSERT INTO mine VALUES (1); DROP TABLE mine;", EMPTY, null, ""],
  ["WITH log AS (SELECT 1) SELECT count(*)::text INTO x FROM log;", EMPTY, null, ""],
];

describe("a search_path for a routine that files have made", () => {
  test.each(CASES)("%s %s", async (...each) => {
    const [body, set, code, what] = each;
    const found = (await judged([BASE, routine(body), set])).filter(({ severity }) => severity === "error");
    expect(found.map(({ rule }) => rule)).toEqual(code === null ? [] : ["breaking-running-code"]);
    if (code === null) return;
    expect(found[0]?.message).toContain(what);
    expect(found[0]?.message).toContain(`(${code})`);
    expect(await rules([BASE, routine(body), `-- zmigrate:phase contract\n${set}`])).toBe("breaking-running-code");
  });

  test("stops what its triggers are called for", async () => {
    const [found] = await judged([BASE, "ALTER FUNCTION kept() SET search_path = '';"]);
    expect(found?.message).toContain("INSERTs of t fail (42P01)");
    expect(found?.help).toContain("the schema in front of each name");
  });

  test("with its new body, or of a new trigger", async () => {
    const kept = (table: string) =>
      `CREATE OR REPLACE FUNCTION kept() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$ BEGIN INSERT INTO ${table} (what) VALUES (TG_OP); RETURN NEW; END $$;`;
    expect(await rules([BASE, kept("log")])).toBe("breaking-running-code");
    expect(await rules([BASE, kept("public.log")])).toBe("");
    const more = "CREATE TRIGGER more AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION kept();";
    const bare = BASE.replace(/CREATE TRIGGER.*/, "");
    expect(await rules([bare + kept("log"), more])).toBe("breaking-running-code");
    expect(await rules([bare + kept("public.log"), more])).toBe("");
    const altered = "ALTER FUNCTION kept() SET search_path = ''; ALTER FUNCTION kept() RESET search_path;";
    expect(await rules([bare + altered, more])).toBe("");
    expect(await rules([BASE, routine("SELECT what INTO x FROM log LIMIT 1;", "SET search_path = ''")])).toBe("");
  });

  test("that the same transaction makes anew, or that failed before", async () => {
    const qualified = routine("SELECT what INTO x FROM public.log LIMIT 1;", "SET search_path = ''");
    const old = routine("SELECT what INTO x FROM log LIMIT 1;");
    expect(await rules([BASE + old, `BEGIN; ${EMPTY} ${qualified} COMMIT;`])).toBe("");
    expect(await rules([BASE + old, `${EMPTY} ${qualified}`])).toBe("breaking-running-code");
    expect(await rules([BASE + old + EMPTY, EMPTY])).toBe("");
  });

  test("whose body no file tells is not known", async () => {
    const [found] = await judged([BASE, "ALTER FUNCTION other() SET search_path = '';"]);
    expect([found?.rule, found?.severity]).toEqual(["replacing-routine", "info"]);
    expect(await allRules([BASE, "ALTER FUNCTION other() SET search_path = public;"])).toBe("");
  });
});

const SCHEMAS = "CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE b.s (id bigint PRIMARY KEY, x varchar(10));";
const BOTH = `${SCHEMAS} CREATE TABLE a.s (id bigint PRIMARY KEY, q varchar(10));`;
const PATH = "SET search_path = a, b;";
/** Two schemas in the path, and whether the server takes what stands behind it. */
const PATHS: readonly (readonly [base: string, sql: string, isTaken: boolean])[] = [
  [SCHEMAS, `${PATH} ALTER TABLE s ALTER COLUMN x TYPE varchar(20);`, true],
  [SCHEMAS, `${PATH} ALTER TABLE s ALTER COLUMN q TYPE varchar(20);`, false],
  [SCHEMAS, `SELECT set_config('search_path', 'a, b', false); UPDATE s SET q = 1 WHERE id = 1;`, false],
  [BOTH, `${PATH} ALTER TABLE s ALTER COLUMN q TYPE varchar(20);`, true],
  [BOTH, `${PATH} CREATE TABLE s (id int);`, false],
  [SCHEMAS, `${PATH} CREATE TABLE s (id int, q varchar(10)); ALTER TABLE s ALTER COLUMN q TYPE varchar(20);`, true],
  [SCHEMAS, `${PATH} CREATE TABLE IF NOT EXISTS s (q varchar(10)); ALTER TABLE a.s ALTER q TYPE varchar(20);`, true],
  [SCHEMAS, `${PATH} ALTER TABLE s RENAME TO u; ALTER TABLE b.u ALTER COLUMN x TYPE varchar(20);`, true],
  [SCHEMAS, `${PATH} ALTER TABLE s RENAME TO u; ALTER TABLE b.u DROP COLUMN q;`, false],
  [SCHEMAS, `${PATH} DO $$ BEGIN ALTER TABLE s ALTER COLUMN x TYPE varchar(20); END $$;`, true],
  [BOTH, `${PATH} DROP TABLE s; ALTER TABLE s ALTER COLUMN x TYPE varchar(20);`, true],
];

describe("a search_path of several schemas", () => {
  test.each(PATHS)("%s %s", async (base, sql, isTaken) => {
    const found = await rules([base, sql]);
    const told = found.split(" ").filter((rule) => !/^(?:renaming-table|ban-drop-(?:table|column)|)$/.test(rule));
    if (isTaken) expect(told).toEqual([]);
    else expect(told.join(" ")).toMatch(/contradicting-history|changing-column-type/);
  });
  test("SET LOCAL ends with its transaction", async () => {
    const sql = (where: string) =>
      `BEGIN; SET LOCAL search_path = a, b; ${where} ALTER TABLE s ALTER x TYPE varchar(20);`;
    expect(await rules([SCHEMAS, `${sql("")} COMMIT;`])).toBe("");
    expect(await rules([SCHEMAS, sql("COMMIT;")])).toBe("changing-column-type");
  });
});

describeServer("postgres", (server) => {
  test("does what is said of it", async () => {
    const db = await server.createDatabase("search_path");
    await query(db.url, BASE);
    for (const [body, set, code] of CASES) {
      await query(db.url, `DROP FUNCTION IF EXISTS f(); ${routine(body)}`);
      await query(db.url, "BEGIN; SELECT f(); ROLLBACK");
      await query(db.url, set);
      const failed = await query(db.url, "BEGIN; SELECT f(); ROLLBACK").then(
        () => null,
        (error) => String(error.code),
      );
      expect([body, set, failed]).toEqual([body, set, code]);
    }
    for (const [base, sql, isTaken] of PATHS) {
      const done = query(db.url, `BEGIN; ${base} ${sql} ROLLBACK`);
      await expect(
        done.then(
          () => true,
          () => false,
        ),
        `${base} ${sql}`,
      ).resolves.toBe(isTaken);
    }
    await db.drop();
  });
});
