import { describe, expect, test } from "vitest";
import { found, lintTexts } from "./support.js";

const USERS = "CREATE TABLE users (id bigint PRIMARY KEY, n text, v varchar(50)); CREATE TABLE s (id bigint);";
const NEXT =
  "SET lock_timeout = '1s'; ALTER TABLE users ALTER COLUMN v TYPE varchar(100); UPDATE users SET n = 'a' WHERE id = 1;";
const LESS = "SET lock_timeout = '1s'; ALTER TABLE users ALTER COLUMN v TYPE varchar(10);";

describe("everyday statements leave what the files told as it is", () => {
  test.each([
    "DO $$ BEGIN ALTER TABLE users ADD CONSTRAINT x FOREIGN KEY (id) REFERENCES s (id); EXCEPTION WHEN duplicate_object THEN null; END $$;",
    "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = 'x') THEN ALTER TABLE users ADD CONSTRAINT x CHECK (id > 0); END IF; END $$;",
    "SELECT cron.schedule('a', '0 3 * * *', 'SELECT 1'); SELECT pgmq.create('q'); SELECT vault.create_secret('a', 'b');",
    "SELECT create_hypertable('s', 'id');",
    "CREATE FUNCTION diesel_manage_updated_at(t regclass) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('CREATE TRIGGER u', t); END $$; SELECT diesel_manage_updated_at('s');",
  ])("%s", async (between) => {
    expect(await found([`~${USERS}`, `~${between}`, NEXT])).toEqual([]);
    const [finding] = (await lintTexts([`~${USERS}`, `~${between}`, LESS])).findings;
    expect(finding?.message).not.toContain("Assumed");
  });
});

test("verdicts stay behind code that nobody can read, and say what they assume", async () => {
  const said = async (between: string) => {
    const { findings } = await lintTexts([`~${USERS}`, `~${between}`, LESS]);
    return findings.map(({ message }) => /Assumed: .*$/.exec(message)?.[0]);
  };
  expect(await said("SELECT my_migration();")).toEqual(['Assumed: my_migration() changed nothing of "users".']);
  expect(await said("SELECT a(); SELECT a(); SELECT x.b(); DO $$ BEGIN EXECUTE c; END $$; CALL d();")).toEqual([
    'Assumed: d(), a DO block whose SQL is not told, x.b() and 1 more changed nothing of "users".',
  ]);
  expect(await said("SELECT my_migration(); DROP TABLE users; CREATE TABLE users (id int, v text);")).toEqual([
    undefined,
  ]);
});

test("so do those of routines", async () => {
  const drops =
    "DO $$ DECLARE r record; BEGIN FOR r IN SELECT 1 AS s LOOP EXECUTE 'DROP FUNCTION ' || r.s; END LOOP; END $$;";
  const made = "CREATE FUNCTION k() RETURNS int LANGUAGE sql AS 'SELECT 1';";
  const said = async (before: string, sql: string) =>
    (await lintTexts([`~${USERS} ${before}`, sql])).findings.map(({ message }) => /: .*$/.exec(message)?.[0]).join();
  const taken = ': function "k" of these arguments is there already (42723).';
  expect(await said(made, made)).toBe(taken);
  expect(await said(made + drops, made)).toBe(
    `${taken} Assumed: a DO block whose SQL is not told changed nothing of "k".`,
  );
  expect(await said(made + drops + made, made)).toBe(taken);
});

test.each([
  ["view", "CREATE VIEW k AS SELECT 1 AS x;"],
  ["materialized view", "CREATE MATERIALIZED VIEW k AS SELECT 1 AS x;"],
  ["type", "CREATE TYPE k AS ENUM ('a');"],
  ["type", "CREATE DOMAIN k AS int;"],
  ["sequence", "CREATE SEQUENCE k;"],
])("and those of a %s: %s", async (what, made) => {
  const drops = "DO $$ BEGIN EXECUTE c; END $$;";
  const said = async (before: string, sql = made) =>
    (await lintTexts([`~${USERS} ${before}`, sql])).findings.map(({ message }) => /: .*$/.exec(message)?.[0]).join();
  const taken = `: ${what} "k" is there already, by an earlier statement.`;
  expect(await said(made)).toBe(taken);
  expect(await said(made + drops)).toBe(`${taken} Assumed: a DO block whose SQL is not told changed nothing of "k".`);
  expect(await said(made + drops + made)).toBe(taken);
  expect(await said(`${made.replace(" k ", " l ").replace(" k;", " l;")}${drops}`, made)).toBe("");
});

test.each([
  ["CREATE TYPE lv AS ENUM ('a');", "DROP TYPE IF EXISTS lv;"],
  ["CREATE SEQUENCE lv;", "DROP SEQUENCE IF EXISTS lv;"],
])("what %s has made is not said to be made by no file", async (made, dropped) => {
  const messages = async (before: string) =>
    (await lintTexts([`~${USERS} ${before}`, dropped])).findings.map(({ message }) => message).join();
  expect(await messages(made)).not.toContain("no file made it");
  expect(await messages("")).toContain("no file made it");
});
