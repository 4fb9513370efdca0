import { describe, expect, test } from "vitest";
import { judged, rules } from "./judged.js";

const USERS = "CREATE TABLE users (id int PRIMARY KEY, email varchar(40));";
const AUDIT = "CREATE TABLE audit (w varchar(40));";

const body = (statements: string) =>
  `CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE x text; BEGIN ${statements} RETURN NULL; END $$;
CREATE TRIGGER t AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION f();`;
const writes = body("INSERT INTO audit (w) VALUES (NEW.email);");
const own = "CREATE TRIGGER t AFTER INSERT ON users FOR EACH ROW INSERT INTO audit (w) VALUES (NEW.email);";

// Seen on PostgreSQL 18 (42P01), MySQL 9.7 and MariaDB 10.11 (1146): each INSERT of users fails.
describe.each([
  ["postgres", writes, "42P01"],
  ["mysql", own, "1146"],
  ["mariadb", own, "1146"],
] as const)("%s: a trigger that writes a table", (engine, trigger, code) => {
  test("which no file has made, or the file makes behind it", async () => {
    for (const sql of [trigger, `${trigger} ${AUDIT}`]) {
      const [found] = await judged([USERS, sql], engine);
      expect(found?.rule).toBe("breaking-running-code");
      expect(found?.help).toMatch(/^Make ["`]audit["`] in front of it/);
      expect(found?.message).toContain(
        `writes audit, which is not there by the files: INSERTs of users fail (${code})`,
      );
    }
  });

  test("which has another name by now", async () => {
    const moved = `${USERS} ${AUDIT} ALTER TABLE audit RENAME TO log;`;
    expect(await rules([moved, trigger], engine)).toBe("breaking-running-code");
  });

  test.each([
    ["that a file has made", `${USERS} ${AUDIT}`],
    ["of a shape that is not told", `${USERS} CREATE TABLE audit AS SELECT * FROM unseen;`],
    ["that is a view", `${USERS} CREATE TABLE a (w int); CREATE VIEW audit AS SELECT w FROM a;`],
    ["under its later name", `${USERS} CREATE TABLE log (w varchar(40)); ALTER TABLE log RENAME TO audit;`],
    ["beside others that no file has made", `${USERS} ALTER TABLE audit ADD COLUMN v int;`],
    ["where files do not tell of all", `${USERS} CREATE INDEX seen ON unseen (a);`],
    ["of a table that no file has made", "CREATE TABLE other (id int);"],
  ])("%s", async (_, before) => {
    expect(await rules([before, trigger], engine)).not.toContain("breaking-running-code");
  });

  test("of another schema is not told", async () => {
    expect(await rules([USERS, trigger.replace("audit", "elsewhere.audit")], engine)).toBe("");
  });
});

describe("PostgreSQL", () => {
  // Seen on 18: 42883.
  const calling = (name: string, trigger = "t") =>
    `CREATE TRIGGER ${trigger} BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION ${name}();`;
  test("a trigger of a function that no file makes", async () => {
    const [found] = await judged([USERS, calling("nope")]);
    expect(found?.message).toBe('The server refuses this: no file has made the function "nope" (42883).');
    expect(await rules([USERS, calling("public.nope")])).toBe("contradicting-history");
  });
  test.each([
    ["in the first file", [USERS + calling("nope")]],
    ["where files do not tell of all tables", [`${USERS} ALTER TABLE others ADD COLUMN a int;`, calling("nope")]],
    ["where an extension may have brought it", [`${USERS} CREATE EXTENSION temporal_tables;`, calling("nope")]],
    ["where another one is of no file either", [USERS + calling("other", "first"), calling("nope")]],
    ["of another schema", [USERS, calling("others.nope")]],
    ["of PostgreSQL's own", [USERS, calling("suppress_redundant_updates_trigger")]],
  ])("but not %s", async (_, files) => {
    expect(await rules(files)).not.toContain("contradicting-history");
  });

  test("a table that the same transaction makes is there for everybody else", async () => {
    expect(await rules([USERS, `BEGIN; ${writes} ${AUDIT} COMMIT;`])).toBe("");
  });

  test.each([
    "DO $$ BEGIN IF to_regclass('audit') IS NULL THEN CREATE TABLE audit (w text); END IF; END $$;",
    "DO $$ BEGIN EXECUTE 'CREATE TABLE audit (w text)'; END $$;",
    "SELECT email AS w INTO audit FROM users;",
    "CREATE FOREIGN TABLE audit (w text) SERVER s;",
  ])("a table may have come by %s", async (sql) => {
    expect(await rules([`${USERS} ${sql}`, writes])).not.toContain("breaking-running-code");
  });

  test("a table that the function makes itself", async () => {
    const temporary = body("CREATE TEMP TABLE IF NOT EXISTS audit (w text); INSERT INTO audit (w) VALUES ('x');");
    expect(await rules([USERS, temporary])).toBe("");
  });

  // Seen on PostgreSQL 18: 42703, for each row.
  test.each(["SELECT nope INTO x FROM plans;", "SELECT id INTO x FROM plans p WHERE p.nope = NEW.id;"])(
    "a query names a column that is not there: %s",
    async (query) => {
      const [found] = await judged([`${USERS} CREATE TABLE plans (id int, name text);`, body(query)]);
      expect(found?.rule).toBe("breaking-running-code");
      expect(found?.message).toContain("reads column nope, which plans does not have: INSERTs of users fail (42703)");
    },
  );

  test.each([
    "SELECT name INTO x FROM plans WHERE id = NEW.id ORDER BY name;",
    "SELECT count(*) AS n INTO x FROM plans HAVING count(*) > 1 ORDER BY n;",
    "SELECT x INTO x FROM plans p WHERE p.ctid IS NOT NULL AND p IS NOT NULL;",
    "SELECT f.x INTO x FROM plans WHERE tg_op = 'INSERT';",
    "SELECT u.email INTO x FROM plans p JOIN users u ON u.id = p.id;",
    "SELECT nope INTO x FROM unseen;",
    "IF NEW.email IS NULL AND random() > 2 THEN SELECT nope INTO x FROM plans; END IF;",
  ])("but not: %s", async (query) => {
    expect(await rules([`${USERS} CREATE TABLE plans (id int, name text);`, body(query)])).toBe("");
  });
});
