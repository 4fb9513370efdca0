import { describe, expect, test } from "vitest";
import { allRules, judged, rules } from "../rules/judged.js";

const BASE = `CREATE TABLE items (id int PRIMARY KEY, a int); CREATE TABLE orgs (id int PRIMARY KEY);`;
const run = (set: string) => `${set}\nPREPARE s FROM @q;\nEXECUTE s;\nDEALLOCATE PREPARE s;`;
const MISSING = "(SELECT COUNT(*) FROM information_schema.columns WHERE column_name = 'z') = 0";

// Each was carried out on MySQL 9.7 and MariaDB 10.11.
describe.each(["mysql", "mariadb"] as const)("%s: text that is prepared", (engine) => {
  const said = (sql: string) => rules([BASE, sql], engine);

  test.each([
    "PREPARE s FROM 'SELECT 1'; EXECUTE s; DEALLOCATE PREPARE s;",
    "PREPARE s FROM 'DROP TABLE orgs'; DROP PREPARE s;",
    run(`SET @q = IF(${MISSING}, 'ALTER TABLE items ADD COLUMN z int NULL', 'SELECT 1');`),
    run("SET @t = 'items'; SET @q = CONCAT('ALTER TABLE ', @t, ' ADD COLUMN z int NULL');"),
    run(`SET @Q = (SELECT IF(${MISSING}, CONCAT("ALTER TABLE ", "items", " ADD z INT NULL;"), "SELECT 1"));`),
    run(
      "SET @q = (SELECT IF(COUNT(*) > 0, 'SELECT 1', 'ALTER TABLE items ADD z int') FROM information_schema.columns);",
    ),
    run(`SELECT IF(COUNT(*) > 0, 'SELECT 1', 'ALTER TABLE items ADD z int') INTO @q FROM information_schema.columns;`),
    run("ANALYZE TABLE orgs; SELECT IF(COUNT(*) > 0, 'SELECT 1', 'DO 0') INTO @q FROM orgs;"),
    run("SELECT 'items', 'SELECT 1' AS x FROM DUAL INTO @t, @q;"),
    run(
      `SET @q = CASE WHEN ${MISSING} THEN 'ALTER TABLE items ADD z int' ELSE CASE 1 WHEN 1 THEN 'DO 0' ELSE 'SELECT 1' END END;`,
    ),
    run("SELECT COUNT(*) INTO @n FROM orgs; SET @q = 'SELECT 1'; SELECT COUNT(*) INTO @n FROM orgs;"),
    "SET @q = 'SELECT 1'; PREPARE s FROM @q; SET @q = 'DROP TABLE orgs'; EXECUTE s;",
    "PREPARE s FROM 'UPDATE items SET a = 1 WHERE id = ?'; SET @i = 3; EXECUTE s USING @i;",
    `${run("SET @q = 'ALTER TABLE items ADD COLUMN z int NULL';")} UPDATE items SET z = 1 WHERE id = 4;`,
    "DO 1; DO SLEEP(0); DO GET_LOCK('x', 1); DO RELEASE_LOCK('x');",
  ])("%s is safe", async (sql) => {
    expect(await said(sql)).toBe("");
  });

  test.each([
    [run(`SET @q = IF(${MISSING}, 'SELECT 1', 'ALTER TABLE items DROP COLUMN a');`), "ban-drop-column"],
    [run("SET @q = 'DROP TABLE orgs';"), "ban-drop-table"],
    [run("SET @q = 'UPDATE items SET a = 1';"), "unbatched-data-change"],
    [
      "SET @q = 'SELECT 1'; PREPARE s FROM @q; SET @q = 'DROP TABLE orgs'; PREPARE S FROM @q; EXECUTE s;",
      "ban-drop-table",
    ],
    [run("SET @q = (SELECT GROUP_CONCAT('x') FROM orgs);"), "not-supported-yet"],
    [run("SET @q = 'SELECT 1'; SELECT 'DROP TABLE orgs' INTO @q;"), "ban-drop-table"],
    [run("SET @q = 'DROP TABLE orgs'; SELECT 'SELECT 1' INTO @q FROM orgs LIMIT 1;"), "ban-drop-table"],
    [run("SET @q = 'SELECT 1'; SELECT a, 'x' INTO @q, @r FROM items LIMIT 1;"), "not-supported-yet"],
    [run("SET @q = 'SELECT 1'; SELECT 'SELECT 1' UNION SELECT a INTO @q FROM items;"), "not-supported-yet"],
    [run("DO my_own(); SELECT 'SELECT 1' INTO @q FROM items LIMIT 1;"), "not-supported-yet"],
    [run("SET @q = (SELECT a FROM items); SELECT 'SELECT 1' INTO @q FROM items WHERE id = 1;"), "not-supported-yet"],
    [run("SET @q = CASE WHEN 1 THEN 'SELECT 1' ELSE (SELECT a FROM items) END;"), "not-supported-yet"],
    [run("SET @q = 'SELECT 1'; SELECT @q := 'DROP TABLE orgs';"), "not-supported-yet"],
    [run("SET @q = 'SELECT 1'; SET @b = (@q := 'DROP TABLE orgs');"), "not-supported-yet"],
    [run("SET @q = 'SELECT 1'; CALL chooses();"), "calling-unknown-code not-supported-yet"],
    ["PREPARE s FROM 'SELEC 1'; EXECUTE s;", "not-supported-yet"],
    ["EXECUTE nobody;", "not-supported-yet"],
    ["DO tidy();", "not-supported-yet"],
  ])("%s is %s", async (sql, rule) => {
    expect(await said(sql)).toBe(rule);
  });

  const asks = "SELECT COUNT(*) FROM information_schema.columns WHERE table_name = 'items' AND column_name = 'z'";
  const add = "'ALTER TABLE items ADD COLUMN z int, MODIFY a bigint'";
  test.each([
    [`SET @q = IF((${asks}) = 0, ${add}, 'SELECT 1');`, true],
    [`SET @q = (SELECT IF((${asks}) > 0, 'SELECT 1', ${add}));`, true],
    [`SET @n = (${asks}); SET @q = IF(@n > 0, 'DO 0', ${add});`, true],
    [`${asks.replace("COUNT(*)", `IF(COUNT(*) = 0, ${add}, 'SELECT 1')`).replace("FROM", "INTO @q FROM")};`, true],
    [`SET @q = IF(@m = 1, ${add}, 'SELECT 1');`, false],
    [`SET @q = IF((${asks.replace("'z'", "'y'")}) = 0, ${add}, 'SELECT 1');`, false],
    [`SET @q = IF((${asks}) = 0, ${add}, 'DROP TABLE orgs');`, false],
  ])("behind %s the table is known: %s", async (set, isKnown) => {
    const later = "ALTER TABLE items ADD COLUMN a int; UPDATE items SET z = 1 WHERE id = 3;";
    expect(await rules([BASE, run(set), later], engine)).toBe(
      isKnown ? "contradicting-history" : "unbatched-data-change",
    );
  });

  test("is told once, where it is carried out", async () => {
    const text = run("SET @q = @unseen;");
    const found = await judged([BASE, text], engine);
    expect(found.map(({ span }) => text.slice(span.start, span.end))).toEqual(["EXECUTE s"]);
  });

  test("the schema behind it is known where no condition is in the way", async () => {
    const added = run("SET @q = 'ALTER TABLE items ADD COLUMN z int NULL';");
    expect(await allRules([BASE, added, "ALTER TABLE items ADD COLUMN z int;"], engine)).toContain(
      "contradicting-history",
    );
    const perhaps = run(`SET @q = IF(${MISSING}, 'ALTER TABLE items ADD COLUMN z int', 'SELECT 1');`);
    expect(await rules([BASE, perhaps, "UPDATE items SET z = 1 WHERE id = 4;"], engine)).not.toContain("contradicting");
  });
});

test("MariaDB: EXECUTE IMMEDIATE of a string is that statement", async () => {
  expect(await rules([BASE, "EXECUTE IMMEDIATE 'SELECT 1';"], "mariadb")).toBe("");
  expect(await rules([BASE, "EXECUTE IMMEDIATE 'DROP TABLE orgs';"], "mariadb")).toBe("ban-drop-table");
  expect(await rules([BASE, "EXECUTE IMMEDIATE CONCAT('DROP TABLE ', 'orgs');"], "mariadb")).toBe("not-supported-yet");
});
