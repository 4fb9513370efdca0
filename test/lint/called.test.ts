import { describe, expect, test } from "vitest";
import { allRules, judged, rules } from "../rules/judged.js";

const BASE = "CREATE TABLE items (id int PRIMARY KEY, a int, sku varchar(64)); CREATE TABLE orgs (id int PRIMARY KEY);";
const around = (body: string, call = "CALL p1()") =>
  `DROP PROCEDURE IF EXISTS p1;\nCREATE PROCEDURE p1() ${body};\n${call};\nDROP PROCEDURE p1;`;

/** The condition under which migrations add a column if it is missing. */
const IF_MISSING = "IF NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE column_name = 'z') THEN";

describe.each(["mysql", "mariadb"] as const)("%s: CALL of a procedure that the file makes", (engine) => {
  const said = (sql: string) => rules([BASE, sql], engine, engine === "mysql" ? "9.7.0" : "10.11.0");

  test.each([
    "SELECT 1",
    `BEGIN ${IF_MISSING} ALTER TABLE items ADD COLUMN z int NULL; END IF; END`,
    "BEGIN INSERT INTO orgs VALUES (1); UPDATE items SET a = 1 WHERE id = 3; END",
    "BEGIN DECLARE n int DEFAULT 0; WHILE n < 1000000 DO UPDATE items SET a = 1 WHERE id > n AND id <= n + 1000; SET n = n + 1000; END WHILE; END",
    "BEGIN REPEAT DELETE FROM items WHERE a = 3 LIMIT 1000; UNTIL ROW_COUNT() = 0 END REPEAT; END",
  ])("%s is safe", async (body) => {
    expect(await said(around(body))).toBe("");
  });

  test.each([
    [`BEGIN ${IF_MISSING} ALTER TABLE items MODIFY a bigint; END IF; END`, "changing-column-type"],
    ["BEGIN DROP TABLE orgs; END", "ban-drop-table"],
    ["UPDATE items SET a = 1", "unbatched-data-change"],
    ["BEGIN WHILE 1 DO UPDATE items SET a = a + 1; END WHILE; END", "unbatched-data-change"],
    [
      "BEGIN DECLARE n int DEFAULT 0; START TRANSACTION; WHILE n < 9 DO UPDATE items SET a = 1 WHERE id > n; END WHILE; COMMIT; END",
      "unbatched-data-change",
    ],
    ["BEGIN SET @s = 'DROP TABLE items'; PREPARE s FROM @s; EXECUTE s; END", "not-supported-yet"],
    ["BEGIN CALL other(); END", "calling-unknown-code"],
    ["BEGIN CALL other(); DROP TABLE orgs; END", "ban-drop-table calling-unknown-code"],
    ["SELECT f()", "calling-unknown-code"],
  ])("%s is %s", async (body, rule) => {
    expect(await said(around(body))).toBe(rule);
  });

  test("is told where it stands in the body", async () => {
    const text = around("BEGIN DROP TABLE orgs; END");
    const [drop] = (await judged([BASE, text], engine)).filter(({ rule }) => rule === "ban-drop-table");
    expect(text.slice(drop?.span.start, drop?.span.end)).toContain("DROP TABLE orgs");
  });

  test("nothing is taken for the body of another one", async () => {
    const made = "CREATE PROCEDURE p1() SELECT 1;";
    expect(await said(`${made} CALL P1;`)).toBe("");
    expect(await said(`${made} CALL \`p1\`();`)).toBe("");
    expect(await said(`${made} CALL p2();`)).toBe("calling-unknown-code");
    expect(await said(`${made} CALL other.p1();`)).toBe("calling-unknown-code");
    expect(await said(`CALL p1(); ${made}`)).toBe("calling-unknown-code");
    const perhaps = "CREATE PROCEDURE IF NOT EXISTS p1() SELECT 1; CALL p1();";
    const unread = "CREATE PROCEDURE p1() BEGIN PREPARE s FROM @x; EXECUTE s; END;";
    expect(await rules([BASE, unread, perhaps], engine)).toBe("not-supported-yet");
    expect(await said(`${unread} ${perhaps}`)).toContain("not-supported-yet");
    expect(await rules([BASE, unread, `DROP PROCEDURE p1; ${perhaps}`], engine)).not.toContain("not-supported-yet");
    expect(await said(`${made} DROP PROCEDURE p1; CALL p1();`)).toBe("calling-unknown-code");
  });

  test("IF NOT EXISTS makes one where the files have none", async () => {
    const made = (body: string) => `CREATE PROCEDURE IF NOT EXISTS p1() ${body}; CALL p1();`;
    expect(await said(made("SELECT 1"))).toBe("");
    expect(await said(made("BEGIN DROP TABLE orgs; END"))).toBe("ban-drop-table");
    expect(await said(`CREATE PROCEDURE p1() BEGIN DROP TABLE orgs; END; ${made("SELECT 1")}`)).toBe("ban-drop-table");
  });

  const through = (body: string) => `CREATE PROCEDURE deep() ${body}; CREATE PROCEDURE p1() BEGIN CALL deep(); END;`;
  test.each([
    ["SELECT 1", ""],
    ["BEGIN DROP TABLE orgs; END", "ban-drop-table"],
    [`BEGIN ${IF_MISSING} ALTER TABLE items ADD COLUMN z int NULL; END IF; END`, ""],
    ["UPDATE items SET a = 1", "unbatched-data-change"],
    ["BEGIN CALL deeper(); END", "calling-unknown-code"],
    ["BEGIN CALL P1(); UPDATE items SET a = 1 WHERE id = 3; END", ""],
    ["BEGIN SET @s = 'DROP TABLE items'; PREPARE s FROM @s; EXECUTE s; END", "not-supported-yet"],
  ])("what it calls is followed: %s is %s", async (body, rule) => {
    expect(await said(`${through(body)} CALL p1();`)).toBe(rule);
    expect(await rules([BASE, through(body), "CALL p1();"], engine, engine === "mysql" ? "9.7.0" : "10.11.0")).toBe(
      rule,
    );
  });
  test("what cannot be told of a body is told at each CALL, where an ignore counts", async () => {
    const body =
      "CREATE PROCEDURE p1(t text) BEGIN SET @s = CONCAT('DROP TABLE ', t); PREPARE s FROM @s; EXECUTE s; END;";
    const text = `${body} CALL p1('a'); CALL p1('b');`;
    const told = (await judged([BASE, text], engine)).filter(({ rule }) => rule === "not-supported-yet");
    expect(told.map(({ span }) => text.slice(span.start, span.end))).toEqual(["CALL p1('a')", "CALL p1('b')"]);
  });

  test("what is called by what is called is told where it stands, and changes what is known", async () => {
    const text = `${through("BEGIN DROP TABLE orgs; END")} CALL p1();`;
    const [drop] = (await judged([BASE, text], engine)).filter(({ rule }) => rule === "ban-drop-table");
    expect(text.slice(drop?.span.start, drop?.span.end)).toContain("DROP TABLE orgs");
    const adds = through("ALTER TABLE items ADD COLUMN z int");
    const again = "ALTER TABLE items ADD COLUMN z int;";
    expect(await allRules([BASE, adds, "CALL p1();", again], engine)).toContain("contradicting-history");
    const twice = `CREATE PROCEDURE deep() BEGIN IF @a = 1 THEN ${again} END IF; END; CREATE PROCEDURE p1() BEGIN CALL deep(); CALL deep(); END;`;
    expect(await allRules([BASE, twice, "CALL p1();"], engine)).not.toContain("contradicting-history");
    const [called] = await judged([BASE, "CREATE PROCEDURE p1() BEGIN CALL other.deep(); END; CALL p1();"], engine);
    expect(called?.message).toContain("No file tells all that other.deep does");
  });
  test("a function that is called writes what its body writes", async () => {
    const made = (body: string) =>
      `CREATE FUNCTION f() RETURNS int DETERMINISTIC ${body}; CREATE PROCEDURE p1() SELECT f(); CALL p1();`;
    expect(await said(made("RETURN 1"))).toBe("");
    expect(await said(made("BEGIN UPDATE items SET a = 1; RETURN 1; END"))).toBe("unbatched-data-change");
  });

  test("a procedure of an earlier file is known where it is called", async () => {
    const drops = "CREATE PROCEDURE p1() BEGIN DROP TABLE orgs; END;";
    const [drop] = (await judged([BASE, drops, "CALL p1();"], engine)).filter(({ rule }) => rule === "ban-drop-table");
    expect(drop?.span).toEqual({ start: 0, end: 9 });
    expect(await rules([BASE, `${drops} DROP PROCEDURE p1;`, "CALL p1();"], engine)).toBe("calling-unknown-code");
    const perhaps = "CREATE PROCEDURE IF NOT EXISTS p1() SELECT 1;";
    expect(await rules([BASE, perhaps, "CALL p1();"], engine)).toBe("not-supported-yet");
    const adds = "CREATE PROCEDURE p1() ALTER TABLE items ADD COLUMN z int;";
    const again = "ALTER TABLE items ADD COLUMN z int;";
    expect(await allRules([BASE, adds, "CALL p1();", again], engine)).toContain("contradicting-history");
  });

  // A function that changes a schema is refused (1422), and so is one that calls what does, or runs text (1336): asked of both.
  test.each([
    "SELECT LAST_INSERT_ID() INTO @id",
    "SELECT GET_LOCK('a', 1)",
    "SELECT SLEEP(1)",
    "SELECT my_own()",
    "SELECT my_own() INTO @x",
    "DO my_own()",
  ])("%s leaves known what files told", async (sql) => {
    const later = "ALTER TABLE items ADD COLUMN a int; UPDATE items SET a = 1 WHERE id = 3;";
    expect(await rules([BASE, `${sql};`, later], engine)).toBe("contradicting-history");
  });

  const asks = "SELECT COUNT(*) FROM information_schema.columns WHERE table_name = 'items' AND column_name = 'z'";
  const add = "ALTER TABLE items ADD COLUMN z int";
  test.each([
    [`${IF_MISSING} ${add}; END IF;`, true],
    [`IF (${asks}) = 0 THEN ${add}; END IF;`, true],
    [`IF NOT EXISTS (${asks}) THEN ${add}, MODIFY sku varchar(64) NOT NULL; ELSE SELECT 'there'; END IF;`, true],
    [`DECLARE n int; ${asks.replace("FROM", "INTO n FROM")}; IF n = 0 THEN ${add}; END IF;`, true],
    [`DECLARE n int DEFAULT (${asks}); IF n < 1 THEN ${add}; END IF;`, true],
    [`SET @n = (${asks}); IF @n = 0 THEN ${add}; END IF;`, true],
    [`IF (SELECT DATABASE()) = 'x' THEN ${add}; END IF;`, false],
    [`IF NOT EXISTS (${asks.replace("'z'", "'y'")}) THEN ${add}; END IF;`, false],
    [`IF NOT EXISTS (${asks}) AND @@version > '9' THEN ${add}; END IF;`, false],
    [`IF @m = 1 THEN ${IF_MISSING} ${add}; END IF; END IF;`, false],
    [`IF @m = 1 THEN SELECT 1; ELSE ${add}; END IF;`, false],
  ])("behind %s the table is known: %s", async (body, isKnown) => {
    const later = "ALTER TABLE items ADD COLUMN a int; UPDATE items SET z = 1 WHERE id = 3;";
    const said = await rules([BASE, around(`BEGIN ${body} END`), later], engine);
    expect(said).toBe(isKnown ? "contradicting-history" : "unbatched-data-change");
  });

  test("a table whose name is passed to what nobody can read is uncertain, others are assumed to be as they were", async () => {
    const later = "ALTER TABLE items ADD COLUMN a int; ALTER TABLE orgs ADD COLUMN id int;";
    const found = await judged([BASE, "CALL drop_column('items', \"a\");", later], engine);
    const [said, another] = found.filter(({ rule }) => rule === "contradicting-history");
    expect(said?.message).toContain("Assumed: drop_column() changed nothing of `orgs`.");
    expect(another).toBeUndefined();
  });

  test("the schema behind it is known", async () => {
    const added = around("ALTER TABLE items ADD COLUMN z int NULL");
    expect(await allRules([BASE, `${added} INSERT INTO items (id, z) VALUES (1, 2);`], engine)).not.toContain("contra");
    expect(await allRules([`${BASE} ${added}`, "ALTER TABLE items ADD COLUMN z int;"], engine)).toContain("contra");
  });
});

test("MariaDB: OR REPLACE of a table that no file has made", async () => {
  const made = (name: string) => `CREATE OR REPLACE TABLE ${name} (id int PRIMARY KEY);`;
  expect(await rules([BASE, made("brandnew")], "mariadb")).toBe("");
  expect(await rules([BASE, made("orgs")], "mariadb")).toBe("breaking-running-code");
  expect(await rules(["", made("brandnew")], "mariadb")).toBe("breaking-running-code");
});

// Each seen on PostgreSQL 18.
describe("PostgreSQL: CALL of a procedure that the files make", () => {
  const users = "CREATE TABLE users (id bigint PRIMARY KEY, name text); CREATE TABLE orgs (id bigint PRIMARY KEY);";
  const plpgsql = (body: string, name = "p()") => `CREATE PROCEDURE ${name} LANGUAGE plpgsql AS $$ ${body} $$;`;
  const one = plpgsql("BEGIN UPDATE users SET name = '' WHERE id = 1; END");
  const batches = plpgsql(
    "DECLARE n int; BEGIN LOOP UPDATE users SET name = '' WHERE id IN (SELECT id FROM users WHERE name IS NULL LIMIT 1000); GET DIAGNOSTICS n = ROW_COUNT; EXIT WHEN n = 0; COMMIT; END LOOP; END",
  );

  test.each([
    [one, "CALL p();"],
    [one, "CALL public.p();"],
    [one, "DO $$ BEGIN CALL p(); END $$;"],
    [one + plpgsql("BEGIN CALL p(); END", "q()"), "CALL q();"],
    [batches, "CALL p();"],
    [batches + plpgsql("BEGIN CALL p(); END", "q()"), "CALL q();"],
    [plpgsql("BEGIN UPDATE users SET name = '' WHERE id = x; END", "p(x int)"), "CALL p(5);"],
    ["CREATE PROCEDURE p(int) LANGUAGE sql AS 'UPDATE users SET name = NULL WHERE id = $1';", "CALL p(5);"],
    [plpgsql("BEGIN CREATE TABLE made (id int PRIMARY KEY); END"), "CALL p(); INSERT INTO made VALUES (1);"],
  ])("%s %s is safe", async (made, sql) => {
    expect(await rules([users, made, sql])).toBe("");
    expect(await rules([users, `${made}\n${sql}`])).toBe("");
  });

  test.each([
    [plpgsql("BEGIN UPDATE users SET name = ''; END"), "CALL p();", "unbatched-data-change"],
    [plpgsql("BEGIN UPDATE users SET name = ''; END"), "DO $$ BEGIN CALL p(); END $$;", "unbatched-data-change"],
    [plpgsql("BEGIN DROP TABLE orgs; END"), "CALL p();", "ban-drop-table"],
    [plpgsql("BEGIN CALL p(); END"), "CALL p();", "breaking-running-code"],
    [plpgsql("BEGIN EXECUTE 'DROP TABLE ' || x; END", "p(x text)"), "CALL p('orgs');", "not-supported-yet"],
    [one, "CALL other();", "calling-unknown-code"],
    [one, "CALL other.p();", "calling-unknown-code"],
    [`${one} DROP PROCEDURE p();`, "CALL p();", "calling-unknown-code"],
    [batches, "BEGIN; CALL p(); COMMIT;", "refused-in-transaction"],
    ["CREATE PROCEDURE p() LANGUAGE sql AS 'COMMIT';", "CALL p();", "refused-in-transaction"],
  ])("%s %s is %s", async (made, sql, rule) => {
    expect(await rules([users, made, sql])).toBe(rule);
  });

  test("what it does is told where it is called, and known behind it", async () => {
    const drops = plpgsql("BEGIN DROP TABLE orgs; END");
    const [drop] = (await judged([users, drops, "CALL p();"])).filter(({ rule }) => rule === "ban-drop-table");
    expect(drop?.span).toEqual({ start: 0, end: 8 });
    const makes = plpgsql("BEGIN CREATE TABLE made (id int PRIMARY KEY); END");
    const again = "CREATE TABLE made (id int PRIMARY KEY);";
    expect(await allRules([users, `${makes} CALL p();`, again])).toContain("contradicting-history");
  });

  test("routines that call each other are followed to an end", async () => {
    const calls = plpgsql("BEGIN PERFORM f(); END");
    const back = "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CALL p(); END $$;";
    expect(await rules([users, calls + back, "CALL p();"])).toBe("breaking-running-code");
    expect(await rules([users, `${calls} ${back} CALL p();`, "SELECT 1;"])).toBe("");
  });
});
