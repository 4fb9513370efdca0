import { describe, expect, test } from "vitest";
import { allRules, judged, rules } from "./judged.js";

const BASE = `CREATE TABLE users (id bigint PRIMARY KEY, nick text); CREATE TABLE archive (id bigint PRIMARY KEY);
GRANT SELECT, INSERT ON archive TO app; CREATE TABLE counters (id bigint PRIMARY KEY);
CREATE FUNCTION add1(i int) RETURNS int LANGUAGE sql AS 'SELECT i + 1';
CREATE FUNCTION wipe() RETURNS void LANGUAGE plpgsql AS $$ BEGIN UPDATE users SET nick = 'x'; END $$;
CREATE FUNCTION through() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM wipe(); END $$;
CREATE FUNCTION drops() RETURNS void LANGUAGE plpgsql AS $$ BEGIN ALTER TABLE users DROP COLUMN nick; END $$;
CREATE FUNCTION again(i int) RETURNS int LANGUAGE sql AS 'SELECT again(i)';
CREATE FUNCTION touches(t regclass) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('CREATE TRIGGER u BEFORE UPDATE ON %s', t); END $$;`;
const DYNAMIC = `CREATE FUNCTION runs(q text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE q; END $$;
CREATE FUNCTION parts(n text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('CREATE TABLE %I (id int)', n); END $$;
CREATE FUNCTION wipes(q text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN UPDATE users SET nick = 'x'; EXECUTE q; END $$;
CREATE FUNCTION gone(q text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN DELETE FROM users; EXECUTE q; END $$;
CREATE FUNCTION takes(n text) RETURNS void LANGUAGE plpgsql AS $$ DECLARE q text; BEGIN q := 'DROP TABLE ' || n; EXECUTE q; END $$;
CREATE FUNCTION deep(n text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM takes(n); END $$;
CREATE FUNCTION other() RETURNS void LANGUAGE plpython3u AS 'pass';`;
const METRICS = "CREATE TABLE metrics (time timestamptz NOT NULL, v float8);";

describe("a function that is called does what its body says", () => {
  test.each([
    "SELECT add1(3);",
    "DO $$ BEGIN PERFORM add1(1); END $$;",
    "SELECT pg_stat_reset(), pg_reload_conf();",
    "SELECT pg_get_function_identity_arguments(1), date_bin('1 day', now(), now()), pg_has_role('app', 'usage');",
  ])("nothing: %s", async (sql) => {
    expect(await rules([BASE, sql])).toBe("");
  });
  test("one that files have made is not taken for PostgreSQL's own of the name", async () => {
    const own = `${BASE} CREATE FUNCTION slope(t text) RETURNS void LANGUAGE sql AS 'UPDATE users SET nick = t';`;
    expect(await rules([own, "SELECT slope('x');"])).toBe("unbatched-data-change");
    expect(await rules([own, "SELECT pg_catalog.slope('(0,0)', '(1,1)');"])).toBe("");
  });
  test.each([
    ["SELECT wipe();", "unbatched-data-change"],
    ["DO $$ BEGIN PERFORM wipe(); END $$;", "unbatched-data-change"],
    ["SELECT drops();", "ban-drop-column"],
    ["SELECT again(1);", "breaking-running-code"],
    ["SELECT add1(1), nobody();", "calling-unknown-code"],
    ["SELECT drops(), nobody();", "ban-drop-column calling-unknown-code"],
    ["SELECT wipe(), nobody();", "calling-unknown-code unbatched-data-change"],
    ["DO $$ BEGIN PERFORM nobody(); END $$;", "calling-unknown-code"],
    ["DO $$ BEGIN PERFORM nobody(); DROP TABLE users; END $$;", "calling-unknown-code ban-drop-table"],
    ["SELECT diesel_manage_updated_at('users');", "calling-unknown-code"],
    ["-- zmigrate:phase expand\nSELECT nobody();", "calling-unknown-code"],
    ["-- zmigrate:phase contract\nSELECT nobody();", "calling-unknown-code"],
    ["BEGIN; SELECT nobody(); COMMIT;", "calling-unknown-code"],
    ["SELECT touches('users');", "breaking-running-code"],
  ])("%s", async (sql, rule) => {
    expect(await rules([BASE, sql])).toBe(rule);
  });
  test("also where its body calls another one", async () => {
    expect(await rules([BASE, "SELECT through();"])).not.toBe("");
  });
  test("one that nobody has shown is told by its name", async () => {
    const [found] = await judged([BASE, "SELECT create_hypertable('users', 'time');"]);
    expect(found?.message).toContain("No file tells all that create_hypertable does");
  });
});

describe("a function that puts SQL together", () => {
  test.each([
    ["SELECT runs('SELECT 1');", "calling-unknown-code"],
    ["SELECT parts('p');", "calling-unknown-code"],
    ["DO $$ BEGIN PERFORM runs('x'); END $$;", "calling-unknown-code"],
    ["SELECT wipes('x');", "calling-unknown-code unbatched-data-change"],
    ["SELECT gone('x');", "calling-unknown-code unbatched-data-change"],
    ["SELECT takes('users');", "breaking-running-code"],
    ["SELECT deep('users');", "breaking-running-code"],
    ["SELECT other();", "breaking-running-code"],
  ])("%s", async (sql, rule) => {
    expect(await rules([BASE + DYNAMIC, sql])).toBe(rule);
  });
});

describe("a function that is told of a table of the file's own", () => {
  test.each([
    `${METRICS} SELECT create_hypertable('metrics', 'time');`,
    `${METRICS} SELECT create_hypertable('public.metrics', by_range('time'));`,
    `${METRICS} SELECT add_retention_policy('metrics', INTERVAL '1 year');`,
    `${METRICS} SELECT touches('metrics'::regclass);`,
  ])("%s", async (sql) => {
    expect(await allRules([BASE, sql])).not.toMatch(/breaking-running-code|calling-unknown-code/);
  });
  test.each([
    `${METRICS} SELECT copy_all('metrics', 'users');`,
    `${METRICS} SELECT create_hypertable('metrics', 'time'), tidy();`,
    `${METRICS} SELECT tidy('metrics') FROM users;`,
  ])("but not: %s", async (sql) => {
    expect(await rules([BASE, sql])).toContain("calling-unknown-code");
  });
});

// PostgreSQL 18: the rights are changed at the COMMIT, at once.
describe("rights that one transaction takes and gives again", () => {
  test.each([
    "BEGIN; REVOKE ALL ON counters FROM app; GRANT SELECT, INSERT, UPDATE, DELETE ON counters TO app; COMMIT;",
    "BEGIN; REVOKE ALL ON archive FROM app; GRANT SELECT, INSERT ON archive TO app; COMMIT;",
    "BEGIN; REVOKE ALL ON TABLE counters FROM app; GRANT ALL ON ALL TABLES IN SCHEMA public TO app; COMMIT;",
    "BEGIN; REVOKE SELECT ON counters FROM app, ops; GRANT SELECT ON counters TO ops, app; COMMIT;",
    "BEGIN; REVOKE ALL ON FUNCTION add1(int) FROM app; GRANT EXECUTE ON FUNCTION add1(int) TO app; COMMIT;",
  ])("%s", async (sql) => {
    expect(await rules([BASE, sql])).toBe("");
  });
  test.each([
    "BEGIN; REVOKE ALL ON archive FROM app; GRANT SELECT ON archive TO app; COMMIT;",
    "BEGIN; REVOKE ALL ON counters FROM app; GRANT SELECT ON counters TO app; COMMIT;",
    "BEGIN; REVOKE ALL ON counters FROM app; GRANT ALL ON counters TO ops; COMMIT;",
    "BEGIN; REVOKE ALL ON counters, users FROM app; GRANT ALL ON counters TO app; COMMIT;",
    "BEGIN; REVOKE ALL ON FUNCTION add1(int) FROM app; GRANT EXECUTE ON FUNCTION add1(text) TO app; COMMIT;",
    "BEGIN; REVOKE ALL ON counters FROM app; COMMIT; GRANT ALL ON counters TO app;",
  ])("but not: %s", async (sql) => {
    expect(await rules([BASE, sql])).toBe("breaking-running-code");
  });
});

// PostgreSQL 18: the role reads on, and its GRANT is no error and gives nothing.
test("REVOKE GRANT OPTION FOR leaves the right", async () => {
  const [found] = await judged([BASE, "REVOKE GRANT OPTION FOR SELECT ON archive FROM app;"]);
  expect(found?.message).toContain("whoever grants the right on archive to others gives nothing");
});
