import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeServer, query, type TestDatabase } from "../servers/index.js";
import { judged } from "./judged.js";

const BASE = `CREATE TYPE mood AS ENUM ('ok', 'bad');
CREATE TABLE orgs (id int PRIMARY KEY, mood mood);
CREATE TABLE users (id serial PRIMARY KEY, email text, nick text, age int, twice int GENERATED ALWAYS AS (age * 2) STORED, org int REFERENCES orgs, seen text, CONSTRAINT users_nick UNIQUE (nick));
CREATE TABLE audit (what text, spare text);
CREATE TABLE days (id int, day date, kind text) PARTITION BY RANGE (day);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO audit (what) VALUES ('x'); NEW.seen := 'y'; RETURN NEW; END $$;
CREATE TRIGGER note BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION note();
CREATE FUNCTION fixed(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1';
CREATE INDEX by_fixed ON users (fixed(age));
CREATE FUNCTION plus(n int) RETURNS int LANGUAGE sql AS 'SELECT n + 1';
CREATE FUNCTION calling() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN plus(1); END $$;
CREATE FUNCTION counting() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(*) FROM orgs WHERE mood = 'ok'); END $$;
CREATE FUNCTION rows_of() RETURNS SETOF audit LANGUAGE sql AS 'SELECT * FROM audit';
CREATE VIEW shown AS SELECT id, email FROM users;
CREATE VIEW above AS SELECT id FROM shown;
ALTER TABLE days ENABLE ROW LEVEL SECURITY;
CREATE POLICY kinds ON days USING (kind = 'a');
CREATE FUNCTION allowed() RETURNS int LANGUAGE sql STABLE AS 'SELECT 1';
CREATE POLICY allow ON days USING (id = (SELECT allowed()));
CREATE SCHEMA full_one;
CREATE TABLE full_one.t (id int);
CREATE SCHEMA bare;`;

/** What PostgreSQL refuses, and with which code: something needs what is taken away. */
const NEEDED: readonly (readonly [string, string])[] = [
  ["ALTER TABLE users DROP COLUMN email", "2BP01"],
  ["ALTER TABLE users DROP COLUMN age", "2BP01"],
  ["ALTER TABLE days DROP COLUMN kind", "2BP01"],
  ["ALTER TABLE days DROP COLUMN day", "42P16"],
  ["ALTER TABLE users DROP COLUMN nope", "42703"],
  ["DROP TABLE orgs", "2BP01"],
  ["DROP TABLE audit", "2BP01"],
  ["DROP TABLE users", "2BP01"],
  ["TRUNCATE orgs", "0A000"],
  ["ALTER TABLE orgs DROP CONSTRAINT orgs_pkey", "2BP01"],
  ["DROP INDEX users_nick", "2BP01"],
  ["DROP TYPE mood", "2BP01"],
  ["DROP FUNCTION note()", "2BP01"],
  ["DROP FUNCTION fixed(int)", "2BP01"],
  ["DROP FUNCTION allowed()", "2BP01"],
  ["ALTER POLICY allow ON days TO public; DROP FUNCTION allowed()", "2BP01"],
  ["ALTER POLICY kinds ON days USING (allowed() = 1); DROP POLICY allow ON days; DROP FUNCTION allowed()", "2BP01"],
  ["DROP POLICY allow ON days; DROP FUNCTION allowed(); ALTER POLICY kinds ON days USING (allowed() = 1)", "42883"],
  ["ALTER TABLE days DROP COLUMN id", "2BP01"],
  ["DROP SEQUENCE users_id_seq", "2BP01"],
  ["DROP VIEW shown", "2BP01"],
  ["DROP SCHEMA full_one", "2BP01"],
];

/** What it takes, and what fails from then on. */
const LEFT: readonly (readonly [sql: string, who: string, probe: string, code: string])[] = [
  [
    "DROP FUNCTION rows_of(); DROP TABLE audit",
    "trigger note on users",
    "INSERT INTO users (nick) VALUES ('a')",
    "42P01",
  ],
  ["ALTER TABLE audit RENAME TO audit_2", "trigger note on users", "INSERT INTO users (nick) VALUES ('a')", "42P01"],
  ["ALTER TABLE audit DROP COLUMN what", "trigger note on users", "INSERT INTO users (nick) VALUES ('a')", "42703"],
  ["ALTER TABLE users DROP COLUMN seen", "trigger note on users", "INSERT INTO users (nick) VALUES ('a')", "42703"],
  ["DROP FUNCTION plus(int)", "function calling", "SELECT calling()", "42883"],
  ["ALTER TABLE orgs DROP COLUMN mood", "function counting", "SELECT counting()", "42703"],
];

/** What it takes, and nothing fails. */
const FREE: readonly (readonly [sql: string, probe: string])[] = [
  ["ALTER TABLE audit DROP COLUMN spare", "INSERT INTO users (nick) VALUES ('a')"],
  ["DROP TRIGGER note ON users; DROP FUNCTION note(); DROP FUNCTION rows_of(); DROP TABLE audit", "SELECT 1"],
  ["DROP VIEW above; DROP VIEW shown; ALTER TABLE users DROP COLUMN email", "SELECT * FROM users"],
  ["DROP VIEW above, shown; DROP TABLE users; DROP FUNCTION note()", "SELECT * FROM audit"],
  [
    "CREATE OR REPLACE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; DROP FUNCTION rows_of(); DROP TABLE audit; ALTER TABLE users DROP COLUMN seen",
    "INSERT INTO users (nick) VALUES ('a')",
  ],
  [
    "CREATE OR REPLACE VIEW shown AS SELECT id, nick AS email FROM users; ALTER TABLE users DROP COLUMN email",
    "SELECT * FROM shown",
  ],
  ["DROP FUNCTION calling(); DROP FUNCTION plus(int)", "SELECT 1"],
  ["DROP INDEX by_fixed; DROP FUNCTION fixed(int)", "SELECT 1"],
  ["ALTER TABLE orgs DROP COLUMN IF EXISTS nope", "SELECT counting()"],
  ["ALTER TABLE users DROP COLUMN twice; ALTER TABLE users DROP COLUMN age", "SELECT 1"],
  ["DROP SCHEMA bare", "SELECT 1"],
  ["DROP POLICY allow ON days; DROP FUNCTION allowed()", "SELECT 1"],
  [
    "ALTER POLICY allow ON days USING (id = 1); DROP FUNCTION allowed(); CREATE POLICY b ON days USING (now() > day)",
    "SELECT 1",
  ],
];

/** The same in a block: a statement behind another one sees what that has dropped. */
const inBlock = (sql: string): string => `DO $b$ BEGIN ${sql}; END $b$`;
const inCall = (sql: string): string =>
  `CREATE FUNCTION pg_temp.called() RETURNS void LANGUAGE plpgsql AS $b$ BEGIN ${sql}; END $b$; SELECT pg_temp.called()`;

const IF_SHOWN = "IF EXISTS (SELECT FROM pg_views WHERE viewname = 'shown') THEN DROP VIEW above, shown; END IF";

const PHASE = "-- zmigrate:phase contract\n";
const RULES = ["breaking-running-code", "contradicting-history", "failing-statement", "ban-drop-database"];

type Engine = "postgres" | "mysql" | "mariadb";
const VERSION = { postgres: "18", mysql: "9.7.0", mariadb: "10.11.0" } as const;

const said = async (base: string, sql: string, engine: Engine = "postgres"): Promise<readonly string[]> => {
  const findings = await judged([base, `${PHASE}${sql};`], engine, VERSION[engine]);
  return findings.filter(({ rule }) => RULES.includes(rule)).map(({ rule, message }) => `${rule}: ${message}`);
};

describe("what the files show to be needed still, under phase contract", () => {
  test.each(NEEDED)("%s is refused", async (sql, code) => {
    const all = await said(BASE, sql);
    expect(all.filter((text) => text.startsWith("contradicting-history"))).toEqual([expect.stringContaining(code)]);
  });
  test.each(LEFT)("%s leaves something that fails", async (sql, who, _, code) => {
    const all = (await said(BASE, sql)).filter((text) => text.startsWith("breaking-running-code"));
    expect(all).toEqual([expect.stringContaining(`${who} goes on naming`)]);
    expect(all[0]).toContain(code);
  });
  test.each(FREE)("%s is fine", async (sql) => {
    expect(await said(BASE, sql)).toEqual([]);
  });
  test.each(NEEDED)("%s is refused in a block, too", async (sql, code) => {
    const all = await said(BASE, inBlock(sql));
    if (code === "2BP01") expect(all.join()).toContain("contradicting-history");
  });
  test.each(FREE)("%s is fine in a block, and in a function that is called", async (sql) => {
    expect(await said(BASE, inBlock(sql))).toEqual([]);
    expect(await said(BASE, inCall(sql))).toEqual([]);
  });
  test("what a block drops under a condition may be there still", async () => {
    expect(await said(BASE, inBlock(`${IF_SHOWN}; ALTER TABLE users DROP COLUMN email`))).toEqual([]);
    const changing = `${IF_SHOWN}; ALTER TABLE users ALTER COLUMN email TYPE varchar(9)`;
    const [found] = await judged([BASE, PHASE + inBlock(changing)], "postgres", "18");
    expect(found?.message).toContain(
      "because view shown uses email. Assumed: what a condition or a loop may run in front of it has not run.",
    );
    const both =
      "IF now() > 'epoch' THEN DROP VIEW above, shown; ALTER TABLE users ALTER COLUMN email TYPE varchar(9); END IF";
    const [held] = await judged([BASE, PHASE + inBlock(both)], "postgres", "18");
    expect(held?.message).not.toContain("refused");
    const kept = "IF now() < 'epoch' THEN DROP VIEW above; END IF; ALTER TABLE users DROP COLUMN email";
    expect(await said(BASE, inBlock(kept))).toEqual([expect.stringContaining("2BP01")]);
  });
  test("without the phase it is said as well", async () => {
    const findings = await judged([BASE, "ALTER TABLE users DROP COLUMN email;"], "postgres", "18");
    expect(findings.map(({ rule }) => rule)).toEqual(["ban-drop-column", "contradicting-history"]);
    expect(findings[0]?.message).not.toContain("files do not tell");
  });
  test("DROP SCHEMA leaves what is known of functions elsewhere", async () => {
    const bad = "CREATE OR REPLACE FUNCTION plus(n int) RETURNS bigint LANGUAGE sql AS 'SELECT 1'";
    for (const drop of ["DROP SCHEMA bare;", "DROP SCHEMA bare CASCADE;"])
      expect(await said(BASE + drop, bad), drop).toEqual([expect.stringContaining("42P13")]);
    expect(await said(`${BASE} DROP SCHEMA public CASCADE;`, bad)).toEqual([]);
  });
});

describe("locks and names that go with what is dropped", () => {
  const KEYED = `${BASE} CREATE TABLE keyed (id int PRIMARY KEY, org int REFERENCES orgs, spare int);
    CREATE TABLE days_1 PARTITION OF days FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');`;
  const rulesOf = async (sql: string) =>
    (await judged([KEYED, `${PHASE}${sql};`], "postgres", "18")).map(({ rule }) => rule).join(" ");
  test.each([
    ["ALTER TABLE keyed DROP COLUMN org", "dropping-foreign-key"],
    ["DROP TABLE keyed", "dropping-foreign-key"],
    ["DROP TABLE days_1", "locking-partition-parent"],
    ["ALTER TABLE days DETACH PARTITION days_1", "locking-partition-parent"],
    ["ALTER TABLE days DETACH PARTITION days_1 CONCURRENTLY", ""],
    ["ALTER TABLE keyed DROP COLUMN spare", ""],
    ["SET lock_timeout = '2s'; DROP TABLE keyed", ""],
    ["SET lock_timeout = '2s'; DROP TABLE days_1", ""],
  ])("%s", async (sql, rule) => {
    expect(await rulesOf(sql)).toBe(rule);
  });
  test("ON CONFLICT ON CONSTRAINT finds a key by its name", async () => {
    for (const sql of ["ALTER TABLE users RENAME CONSTRAINT users_nick TO n", "ALTER INDEX users_nick RENAME TO n"]) {
      const findings = await judged([KEYED, `${sql};`], "postgres", "18");
      expect(
        findings.map(({ rule }) => rule),
        sql,
      ).toEqual(["breaking-running-code"]);
      expect(await rulesOf(sql)).toBe("");
    }
    expect(await judged([KEYED, "ALTER INDEX by_fixed RENAME TO b;"], "postgres", "18")).toEqual([]);
  });
  test("a CHECK of a table that no file made is no NOT NULL, whatever its name", async () => {
    const check = `ALTER TABLE accounts ADD CONSTRAINT accounts_email_not_null CHECK (email IS NOT NULL) NOT VALID;
      ALTER TABLE accounts VALIDATE CONSTRAINT accounts_email_not_null; ALTER TABLE accounts ALTER COLUMN email SET NOT NULL;`;
    const drop = "ALTER TABLE accounts DROP CONSTRAINT accounts_email_not_null;";
    expect((await judged([check, drop], "postgres", "18")).map(({ rule }) => rule)).not.toContain("ban-drop-not-null");
    expect((await judged([check, drop], "postgres", "17")).map(({ rule }) => rule)).not.toContain("failing-statement");
    expect((await judged(["", drop], "postgres", "18")).map(({ rule }) => rule)).toContain("ban-drop-not-null");
  });
});

describeServer("postgres", (server) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await server.createDatabase("still_needed");
    await query(db.url, BASE);
  });
  afterAll(() => db?.drop());

  test("says the same", async () => {
    for (const [sql, code] of NEEDED) await expect(query(db.url, `BEGIN; ${sql}`), sql).rejects.toMatchObject({ code });
    for (const [sql, , probe, code] of LEFT)
      await expect(query(db.url, `BEGIN; ${sql}; ${probe}`), sql).rejects.toMatchObject({ code });
    const upsert = "INSERT INTO users (nick) VALUES ('a') ON CONFLICT ON CONSTRAINT users_nick DO NOTHING";
    for (const sql of ["ALTER TABLE users RENAME CONSTRAINT users_nick TO n", "ALTER INDEX users_nick RENAME TO n"])
      await expect(query(db.url, `BEGIN; ${sql}; ${upsert}`), sql).rejects.toMatchObject({ code: "42704" });
    for (const [sql, probe] of FREE)
      for (const run of [sql, inBlock(sql), inCall(sql)]) await query(db.url, `BEGIN; ${run}; ${probe}; ROLLBACK`);
    await query(db.url, `BEGIN; ${inBlock(`${IF_SHOWN}; ALTER TABLE users DROP COLUMN email`)}; ROLLBACK`);
  });
});

/** What no file makes. */
const OTHERS = "CREATE SCHEMA auth; CREATE TABLE auth.users (id int); CREATE TABLE invoices (id int, v int);";
const FIRES = "RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$";
const ELSEWHERE = `CREATE TABLE w (id int PRIMARY KEY);
CREATE FUNCTION fw() ${FIRES}; CREATE TRIGGER tw BEFORE INSERT ON w FOR EACH ROW EXECUTE FUNCTION fw();
CREATE FUNCTION fa() ${FIRES}; CREATE TRIGGER ta AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION fa();
CREATE FUNCTION fi() ${FIRES}; CREATE TRIGGER ti BEFORE UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION fi();
CREATE VIEW shown AS SELECT id FROM w;
CREATE FUNCTION fv() ${FIRES}; CREATE TRIGGER tv INSTEAD OF INSERT ON shown FOR EACH ROW EXECUTE FUNCTION fv();
CREATE FUNCTION plus(n int) RETURNS int LANGUAGE sql AS 'SELECT n + 1'; CREATE VIEW sums AS SELECT plus(id) FROM w;`;
const ELSEWHERE_NEEDED = [
  ["DROP FUNCTION fa()", "trigger ta on auth.users"],
  ["DROP FUNCTION fi()", "trigger ti on invoices"],
  ["DROP FUNCTION fv()", "trigger tv on shown"],
  ["DROP FUNCTION plus(int)", "view sums"],
  ["ALTER TRIGGER ti ON invoices RENAME TO tj; DROP FUNCTION fi()", "trigger tj on invoices"],
  ["ALTER TABLE invoices RENAME TO bills; DROP FUNCTION fi()", "trigger ti on bills"],
  ["ALTER FUNCTION fa() RENAME TO fb; DROP FUNCTION fb()", "trigger ta on auth.users"],
  ["ALTER FUNCTION fw() RENAME TO fb; DROP FUNCTION fb()", "trigger tw on w"],
  ["ALTER VIEW shown RENAME TO seen; DROP FUNCTION fv()", "trigger tv on seen"],
  [
    "CREATE OR REPLACE TRIGGER ta AFTER DELETE ON auth.users FOR EACH ROW EXECUTE FUNCTION fw(); DROP TRIGGER tw ON w; DROP FUNCTION fw()",
    "trigger ta on auth.users",
  ],
] as const;
const ELSEWHERE_FREE = [
  "DROP VIEW sums; DROP VIEW shown; DROP TABLE w; DROP FUNCTION fw()",
  "DROP TRIGGER ta ON auth.users; DROP FUNCTION fa()",
  "DROP VIEW shown; DROP FUNCTION fv()",
  "DROP TABLE w CASCADE; DROP FUNCTION fv(); DROP FUNCTION fw()",
  "DROP VIEW sums; DROP FUNCTION plus(int)",
  "ALTER FUNCTION fa() RENAME TO fb; DROP FUNCTION fb() CASCADE; CREATE FUNCTION fb() RETURNS int LANGUAGE sql AS 'SELECT 1'",
  "DROP TABLE invoices; DROP FUNCTION fi()",
  "DROP SCHEMA auth CASCADE; DROP FUNCTION fa()",
];

describe("triggers on tables that no file makes, and on views", () => {
  const refused = async (files: readonly string[]) =>
    (await judged(files, "postgres", "18"))
      .filter(({ rule }) => rule === "contradicting-history" || rule === "failing-statement")
      .map(({ rule, message }) => `${rule}: ${message}`);
  test.each(ELSEWHERE_NEEDED)("%s", async (sql, who) => {
    expect(await refused([ELSEWHERE, `${PHASE}${sql};`])).toEqual([
      expect.stringMatching(`^contradicting-history: The server refuses this: ${who} needs .*\\(2BP01\\)`),
    ]);
  });
  test.each(ELSEWHERE_FREE)("%s", async (sql) => {
    expect(await refused([ELSEWHERE, `${PHASE}${sql};`])).toEqual([]);
  });
  test("a function that files have made is free where nothing else tells what there is", async () => {
    const made = `CREATE FUNCTION fi() ${FIRES}; CREATE TRIGGER ti BEFORE UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION fi();`;
    const drop = "DROP TRIGGER ti ON invoices; DROP FUNCTION fi();";
    expect(await refused([made, drop])).toEqual([]);
    const can = [expect.stringMatching("^failing-statement: This statement can fail: it is refused \\(2BP01\\)")];
    const replaced = made.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION");
    expect(await refused([replaced, drop])).toEqual(can);
    expect(await refused([made, `DO $$ BEGIN EXECUTE (SELECT sql FROM todo); END $$; ${drop}`])).toEqual(can);
    expect(
      await refused([
        `DO $$ BEGIN IF now() > 'epoch' THEN CREATE FUNCTION fi() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; END IF; END $$;`,
        "DROP FUNCTION fi();",
      ]),
    ).toEqual(can);
  });
  test("a table that may be gone may have taken its trigger along", async () => {
    const perhaps = "DO $$ BEGIN IF now() > 'epoch' THEN DROP TABLE invoices; END IF; END $$;";
    expect(await refused([ELSEWHERE, perhaps, "DROP FUNCTION fi();"])).toEqual([
      expect.stringMatching("^failing-statement: This statement can fail"),
    ]);
  });

  describeServer("postgres", (server) => {
    test("says the same", async () => {
      const db = await server.createDatabase("triggers_elsewhere");
      await query(db.url, OTHERS + ELSEWHERE);
      for (const [sql] of ELSEWHERE_NEEDED)
        await expect(query(db.url, `BEGIN; ${sql}`), sql).rejects.toMatchObject({ code: "2BP01" });
      for (const sql of ELSEWHERE_FREE) await query(db.url, `BEGIN; ${sql}; ROLLBACK`);
      await db.drop();
    });
  });
});

const MYSQL = [
  "CREATE TABLE orgs (id int PRIMARY KEY, name varchar(9))",
  "CREATE TABLE users (id int PRIMARY KEY, email varchar(9), status int, seen int, spare int, org int, CONSTRAINT fk_org FOREIGN KEY (org) REFERENCES orgs (id))",
  "CREATE TABLE audit (id int AUTO_INCREMENT PRIMARY KEY, what text, spare int)",
  "CREATE VIEW shown AS SELECT id, Email FROM users WHERE status = 1",
  "CREATE PROCEDURE note() INSERT INTO audit (what) VALUES ('p')",
  "CREATE TRIGGER ta AFTER INSERT ON users FOR EACH ROW INSERT INTO audit (what) VALUES (NEW.email)",
  "CREATE TRIGGER tb BEFORE UPDATE ON users FOR EACH ROW SET NEW.seen = 1",
  "CREATE TRIGGER tc AFTER DELETE ON users FOR EACH ROW CALL note()",
];

const INSERT = "INSERT INTO users (id) VALUES (1)";
const MYSQL_LEFT: readonly (readonly [sql: string, who: string, probe: string, errno: number])[] = [
  ["DROP TABLE audit", "trigger ta on users", INSERT, 1146],
  ["RENAME TABLE audit TO audit_2", "trigger ta on users", INSERT, 1146],
  ["ALTER TABLE audit DROP COLUMN what", "trigger ta on users", INSERT, 1054],
  ["ALTER TABLE users DROP COLUMN seen", "trigger tb on users", "UPDATE users SET spare = 1", 1054],
  ["ALTER TABLE users DROP COLUMN status", "view shown", "SELECT * FROM shown", 1356],
  ["DROP PROCEDURE note", "trigger tc on users", "DELETE FROM users", 1305],
];
const MYSQL_FREE: readonly (readonly [sql: string, probe: string])[] = [
  ["ALTER TABLE users DROP COLUMN spare", "SELECT * FROM shown"],
  ["ALTER TABLE audit DROP COLUMN spare", INSERT],
  ["DROP TRIGGER tc; DROP PROCEDURE note", "DELETE FROM users"],
  ["DROP TRIGGER ta; DROP TRIGGER tc; DROP PROCEDURE note; DROP TABLE audit", INSERT],
  ["DROP VIEW shown; ALTER TABLE users DROP COLUMN status", INSERT],
  ["DROP VIEW shown; DROP TABLE users", "SELECT * FROM audit"],
];

describe.each(["mysql", "mariadb"] as const)("what files for %s show to be needed still", (engine) => {
  const base = `${MYSQL.join(";\n")};`;
  test("the parent of a foreign key", async () => {
    expect(await said(base, "DROP TABLE orgs", engine)).toEqual([expect.stringContaining("fk_org")]);
  });
  test.each(MYSQL_LEFT)("%s leaves something that fails", async (sql, who) => {
    expect(await said(base, sql, engine)).toEqual([expect.stringContaining(who)]);
  });
  test.each(MYSQL_FREE)("%s is fine", async (sql) => {
    expect(await said(base, sql, engine)).toEqual([]);
  });

  describeServer(engine, (server) => {
    let db: TestDatabase;
    afterAll(() => db?.drop());

    test("says the same", { timeout: 60_000 }, async () => {
      const fresh = async () => {
        await db?.drop();
        db = await server.createDatabase("still_needed");
        for (const sql of MYSQL) await query(db.url, sql);
      };
      await fresh();
      await expect(query(db.url, "DROP TABLE orgs")).rejects.toThrow();
      for (const [sql, , probe, errno] of MYSQL_LEFT) {
        await fresh();
        if (probe !== INSERT) await query(db.url, INSERT);
        await query(db.url, sql);
        await expect(query(db.url, probe), sql).rejects.toMatchObject({ errno });
      }
      for (const [sql, probe] of MYSQL_FREE) {
        await fresh();
        for (const one of sql.split("; ")) await query(db.url, one);
        await query(db.url, probe);
      }
    });
  });
});
