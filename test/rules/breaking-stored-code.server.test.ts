import { describe, expect, test } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { judged } from "./judged.js";

const RULE = "breaking-stored-code";
const TABLES =
  "CREATE TABLE docs (id int PRIMARY KEY, body text); CREATE TABLE h (id int, body text); CREATE TABLE h3 (id int, body text, at timestamptz);";
const trigger = (body: string) =>
  `CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE r docs%ROWTYPE; s docs; BEGIN ${body}; RETURN NEW; END $$;
   CREATE TRIGGER t BEFORE UPDATE ON docs FOR EACH ROW EXECUTE FUNCTION f();`;
const routine = (returns: string, language: string, body: string) =>
  `CREATE FUNCTION g() RETURNS ${returns} LANGUAGE ${language} ${body};`;
const UPDATE = "UPDATE docs SET body = 'b'";
const CALL = "SELECT * FROM g()";
const ADD = "ALTER TABLE docs ADD COLUMN lang text";
const ADD_H = "ALTER TABLE h ADD COLUMN lang text";

/** What is stored, what is changed, what fails then, and with which code. */
type Bad = readonly [stored: string, change: string, probe: string, code: string];
const BAD: readonly Bad[] = [
  [trigger("INSERT INTO h SELECT OLD.*"), ADD, UPDATE, "42601"],
  // Between the two commits.
  [trigger("INSERT INTO h SELECT OLD.*"), `BEGIN; ${ADD}; COMMIT; ${ADD_H}`, "", "42601"],
  [trigger("INSERT INTO h SELECT (OLD).*"), ADD, UPDATE, "42601"],
  [trigger("INSERT INTO h VALUES (OLD.*)"), ADD, UPDATE, "42601"],
  [trigger("INSERT INTO h VALUES (OLD.*)"), "ALTER TABLE h DROP COLUMN body", UPDATE, "42601"],
  [trigger("INSERT INTO h VALUES (OLD.id, OLD.body)"), "ALTER TABLE h DROP COLUMN body", UPDATE, "42601"],
  [trigger("INSERT INTO h3 VALUES (OLD.*, now())"), ADD, UPDATE, "42601"],
  [trigger("INSERT INTO h3 VALUES (OLD.*, now())"), `ALTER TABLE h3 ADD COLUMN lang text; ${ADD}`, UPDATE, "42804"],
  [trigger("INSERT INTO h (id, body) SELECT OLD.*"), ADD, UPDATE, "42601"],
  [trigger("INSERT INTO h SELECT d.* FROM docs d WHERE d.id = OLD.id"), ADD, UPDATE, "42601"],
  [trigger("INSERT INTO h SELECT * FROM (SELECT OLD.*) x"), ADD, UPDATE, "42601"],
  [trigger("r := OLD; INSERT INTO h SELECT r.*"), ADD, UPDATE, "42601"],
  [trigger("s := OLD; INSERT INTO h VALUES (s.*)"), ADD, UPDATE, "42601"],
  [
    trigger("WITH m AS (DELETE FROM docs WHERE id = -1 RETURNING *) INSERT INTO h SELECT * FROM m"),
    ADD,
    UPDATE,
    "42601",
  ],
  ["CREATE PROCEDURE p() LANGUAGE sql AS 'INSERT INTO h TABLE docs';", ADD, "CALL p()", "42601"],
  [routine("TABLE (a int, b text)", "sql", "AS 'SELECT * FROM docs'"), ADD, CALL, "42P13"],
  [routine("TABLE (a int, b text)", "plpgsql", "AS 'BEGIN RETURN QUERY SELECT * FROM docs; END'"), ADD, CALL, "42804"],
  [routine("SETOF docs", "sql", "AS 'SELECT id, body FROM docs'"), ADD, CALL, "42P13"],
  [routine("SETOF docs", "plpgsql", "AS 'BEGIN RETURN QUERY SELECT * FROM h; END'"), ADD, CALL, "42804"],
  [routine("SETOF docs", "plpgsql", "AS 'BEGIN RETURN QUERY SELECT * FROM h; END'"), ADD_H, CALL, "42804"],
  [routine("SETOF h", "sql", "AS 'INSERT INTO docs SELECT max(id) + 1 FROM docs RETURNING *'"), ADD, CALL, "42P13"],
  ["CREATE FUNCTION g(OUT a int, OUT b text) LANGUAGE sql AS 'SELECT * FROM docs';", ADD, CALL, "42P13"],
];

const GOOD: readonly (readonly [stored: string, change: string, probe: string])[] = [
  [trigger("INSERT INTO h SELECT OLD.*"), ADD_H, UPDATE],
  [trigger("INSERT INTO h SELECT OLD.*"), `${ADD_H}; ${ADD}`, UPDATE],
  [trigger("INSERT INTO h SELECT OLD.*"), `BEGIN; ${ADD}; ${ADD_H}; COMMIT`, UPDATE],
  [trigger("INSERT INTO h (id, body) VALUES (OLD.id, OLD.body)"), ADD, UPDATE],
  [trigger("INSERT INTO h VALUES (OLD.id, OLD.body)"), ADD_H, UPDATE],
  [trigger("INSERT INTO h3 SELECT OLD.*"), ADD_H, UPDATE],
  [trigger("IF NEW.* IS DISTINCT FROM OLD.* THEN NULL; END IF"), ADD, UPDATE],
  [
    trigger("INSERT INTO h SELECT OLD.*"),
    `CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO h (id, body) VALUES (OLD.id, OLD.body); RETURN NEW; END $$; ${ADD}`,
    UPDATE,
  ],
  [routine("SETOF docs", "sql", "AS 'SELECT * FROM docs'"), ADD, CALL],
  [routine("SETOF docs", "sql", "AS 'SELECT d FROM docs d'"), ADD, CALL],
  [routine("SETOF public.docs", "sql", "AS 'SELECT * FROM docs'"), ADD, CALL],
  [routine("public.docs", "sql", "AS 'SELECT * FROM docs'"), ADD, CALL],
  [
    `CREATE SCHEMA "My App"; CREATE TABLE "My App"."Users" (id int); ${routine('SETOF "My App"."Users"', "plpgsql", `AS 'BEGIN RETURN QUERY SELECT * FROM "My App"."Users"; END'`)}`,
    'ALTER TABLE "My App"."Users" ADD COLUMN avatar text',
    CALL,
  ],
  [routine("TABLE (a int, b text)", "sql", "AS 'SELECT id, body FROM docs'"), ADD, CALL],
  [routine("TABLE (a int, b text)", "sql", "BEGIN ATOMIC SELECT * FROM docs; END"), ADD, CALL],
  [
    routine("SETOF docs", "sql", "AS 'SELECT id, body FROM docs'"),
    `BEGIN; ${ADD}; CREATE OR REPLACE FUNCTION g() RETURNS SETOF docs LANGUAGE sql AS 'SELECT id, body, lang FROM docs'; COMMIT`,
    CALL,
  ],
];

const said = async (stored: string, change: string, engine: "postgres" | "mysql" | "mariadb" = "postgres") => {
  const base = engine === "postgres" ? TABLES : MYSQL_TABLES;
  const all = await judged([base + stored, `${change};`], engine);
  return all.filter(({ rule }) => rule === RULE).map(({ message }) => message);
};

describe("what functions and triggers give by its place (PostgreSQL)", () => {
  test.each(BAD)("%s: %s", async (stored, change, _, code) => {
    expect(await said(stored, change)).toEqual([expect.stringContaining(code)]);
    const contract = `-- zmigrate:phase contract\n${change}`;
    expect(await said(stored, contract), "in contract").toEqual([expect.stringContaining(code)]);
  });
  test.each(GOOD)("%s: %s is fine", async (stored, change) => {
    expect(await said(stored, change)).toEqual([]);
  });
  test("who fails is named, and a table that no file made is taken for one without more columns", async () => {
    const [first] = await said(trigger("INSERT INTO h SELECT OLD.*"), ADD);
    expect(first).toBe("trigger t on docs gives h 3 values for 2 columns: UPDATEs of docs fail (42601).");
    const [unknown] = await said(trigger("INSERT INTO elsewhere SELECT OLD.*"), ADD);
    expect(unknown).toContain("Assumed: elsewhere has no column for it");
  });
  test("a row of NEW is not taken for one value", async () => {
    const keep = "CREATE TABLE k (id int NOT NULL, body text NOT NULL);";
    const all = await judged([TABLES + keep, trigger("INSERT INTO k VALUES (OLD.*)")]);
    expect(all.filter(({ message }) => message.includes("leaves out"))).toEqual([]);
  });
});

const MYSQL_TABLES =
  "CREATE TABLE docs (id int PRIMARY KEY, body varchar(9)); CREATE TABLE h (id int, body varchar(9));";
const mysqlTrigger = (body: string) => `CREATE TRIGGER t AFTER UPDATE ON docs FOR EACH ROW ${body};`;
const procedure = (body: string) => `CREATE PROCEDURE p() ${body};`;
const CHANGE = "UPDATE docs SET body = CONCAT(body, 'b')";

const MYSQL_BAD: readonly (readonly [stored: string, change: string, probe: string])[] = [
  [mysqlTrigger("INSERT INTO h VALUES (OLD.id, OLD.body)"), "ALTER TABLE h ADD COLUMN who int", CHANGE],
  [mysqlTrigger("INSERT INTO h VALUES (OLD.id, OLD.body)"), "ALTER TABLE h DROP COLUMN body", CHANGE],
  [mysqlTrigger("INSERT INTO h SELECT NEW.id, NEW.body"), "ALTER TABLE h ADD COLUMN who int", CHANGE],
  [mysqlTrigger("REPLACE INTO h VALUES (OLD.id, OLD.body)"), "ALTER TABLE h ADD COLUMN who int", CHANGE],
  [procedure("INSERT INTO h SELECT d.* FROM docs d"), "ALTER TABLE h ADD COLUMN who int", "CALL p()"],
  [procedure("INSERT INTO h SELECT d.* FROM docs d"), "ALTER TABLE docs DROP COLUMN body", "CALL p()"],
  [procedure("INSERT INTO h SELECT * FROM docs"), "ALTER TABLE docs ADD COLUMN who int", "CALL p()"],
  [procedure("INSERT INTO h (id, body) SELECT * FROM docs"), "ALTER TABLE docs ADD COLUMN who int", "CALL p()"],
  [procedure("INSERT INTO h SELECT * FROM (SELECT * FROM docs) x"), "ALTER TABLE docs ADD COLUMN who int", "CALL p()"],
  [
    procedure("INSERT INTO h WITH x AS (SELECT * FROM docs) SELECT * FROM x"),
    "ALTER TABLE docs ADD COLUMN who int",
    "CALL p()",
  ],
];
const MYSQL_GOOD: readonly (readonly [stored: string, change: string, probe: string])[] = [
  [mysqlTrigger("INSERT INTO h VALUES (OLD.id, OLD.body)"), "ALTER TABLE h ADD COLUMN who int INVISIBLE", CHANGE],
  [mysqlTrigger("INSERT INTO h VALUES (OLD.id, OLD.body)"), "ALTER TABLE docs ADD COLUMN who int", CHANGE],
  [mysqlTrigger("INSERT INTO h (id, body) VALUES (OLD.id, OLD.body)"), "ALTER TABLE h ADD COLUMN who int", CHANGE],
  [procedure("INSERT INTO h (id, body) SELECT * FROM docs"), "ALTER TABLE h ADD COLUMN who int", "CALL p()"],
  [procedure("INSERT INTO h SELECT * FROM docs"), "ALTER TABLE docs ADD COLUMN who int INVISIBLE", "CALL p()"],
  [
    mysqlTrigger("INSERT INTO h VALUES (OLD.id, OLD.body)"),
    "LOCK TABLES docs WRITE; DROP TRIGGER t; CREATE TRIGGER t AFTER UPDATE ON docs FOR EACH ROW INSERT INTO h (id, body) VALUES (OLD.id, OLD.body); UNLOCK TABLES; ALTER TABLE h ADD COLUMN who int",
    CHANGE,
  ],
];

describe.each(["mysql", "mariadb"] as const)("what triggers and procedures give by its place (%s)", (engine) => {
  test.each(MYSQL_BAD)("%s: %s", async (stored, change) => {
    expect(await said(stored, change, engine)).toEqual([expect.stringContaining("1136")]);
  });
  test.each(MYSQL_GOOD)("%s: %s is fine", async (stored, change) => {
    expect(await said(stored, change, engine)).toEqual([]);
  });

  describeServer(engine, (server) => {
    test("says the same", { timeout: 60_000 }, async () => {
      const db = await server.createDatabase("stored_code");
      const each = [...MYSQL_BAD.map((one) => [...one, 1136] as const), ...MYSQL_GOOD.map((o) => [...o, 0] as const)];
      for (const [stored, change, probe, errno] of each) {
        const tables = `DROP TABLE IF EXISTS docs; DROP TABLE IF EXISTS h; DROP PROCEDURE IF EXISTS p; ${MYSQL_TABLES}`;
        const made = `${tables} INSERT INTO docs VALUES (1, 'a'); ${stored}${change}`.split(/;\s*/);
        for (const sql of made) if (sql !== "") await query(db.url, sql);
        if (errno === 0) await query(db.url, probe);
        else await expect(query(db.url, probe), `${stored} ${change}`).rejects.toMatchObject({ errno });
      }
      await db.drop();
    });
  });
});

describeServer("postgres", (server) => {
  test("says the same", async () => {
    const db = await server.createDatabase("stored_code");
    const each = [...BAD, ...GOOD.map(([stored, change, probe]) => [stored, change, probe, ""] as const)];
    for (const [stored, change, probe, code] of each) {
      await query(db.url, `DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${TABLES} ${stored}`);
      await query(db.url, `INSERT INTO docs VALUES (1, 'a'); ${change}`);
      if (code === "") await query(db.url, probe);
      else if (probe !== "") await expect(query(db.url, probe), `${stored} ${change}`).rejects.toMatchObject({ code });
    }
    await db.drop();
  });
});
