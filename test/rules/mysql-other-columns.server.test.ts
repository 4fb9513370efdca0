import { describe, expect, test } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { allRules, judged, rules } from "./judged.js";

const VIEW = "CREATE TABLE users (id bigint PRIMARY KEY, age int); CREATE VIEW young AS SELECT id, age FROM users;";
const ITEMS = "CREATE TABLE items (id int PRIMARY KEY, sku varchar(64), qty int);";

describe.each(["mysql", "mariadb"] as const)("%s: a view that is replaced", (engine) => {
  test.each([
    "SELECT id FROM users WHERE age < 30",
    "SELECT id, age AS years FROM users",
    "SELECT id, age years FROM users",
    "SELECT id, age + 0 FROM users",
    "SELECT u.id FROM users u",
    "SELECT id FROM users UNION SELECT age FROM users",
  ])("loses a column: %s", async (query) => {
    const replaced = `CREATE OR REPLACE VIEW young AS ${query};`;
    expect(await rules([VIEW, replaced], engine)).toBe("breaking-running-code");
    const [said] = await judged([VIEW, replaced], engine);
    expect(said?.message).toContain("what reads age of view young fails (1054)");
  });

  test.each([
    "AS SELECT id, AGE FROM users WHERE age < 30",
    "AS SELECT * FROM users",
    "AS SELECT u.* FROM users u",
    "AS SELECT u.age, u.id, 1 AS one FROM users u",
    "(id, age) AS SELECT id, age + 1 FROM users",
    "AS SELECT id, 1 'age' FROM users",
  ])("keeps its columns: %s", async (query) => {
    const said = await allRules([VIEW, `CREATE OR REPLACE VIEW young ${query};`], engine);
    expect(said).toMatch(/^(?:replacing-routine|narrowing-view)$/);
  });

  test("ALTER VIEW is judged as OR REPLACE is", async () => {
    const alter = (query: string) => allRules([VIEW, `ALTER VIEW young AS ${query};`], engine);
    expect(await alter("SELECT age, id FROM users")).toBe("replacing-routine");
    expect(await alter("SELECT id FROM users")).toBe("breaking-running-code");
    expect(await alter("SELECT * FROM (SELECT id, age FROM users) x")).toBe("narrowing-view");
    expect(await alter("SELECT * FROM (SELECT id FROM users) x")).toBe("breaking-running-code");
    expect(await rules(["", "ALTER VIEW young AS SELECT id FROM users;"], engine)).toBe("breaking-running-code");
  });

  test("what is not told is no loss", async () => {
    const derived = "CREATE OR REPLACE VIEW young AS SELECT * FROM (SELECT id AS age, age AS id FROM users) x;";
    expect(await rules([VIEW, derived], engine)).toBe("narrowing-view");
    expect(await rules(["", "CREATE OR REPLACE VIEW young AS SELECT id FROM users;"], engine)).toBe("");
    const shorter = "CREATE OR REPLACE VIEW young AS SELECT id FROM users;";
    expect(await rules([VIEW, `-- zmigrate:phase contract\n${shorter}`], engine)).toBe("");
    expect(await rules([`${VIEW} ALTER VIEW young AS SELECT id FROM users;`, shorter], engine)).toBe("");
  });
});

describe.each(["mysql", "mariadb"] as const)("%s: INVISIBLE", (engine) => {
  test.each(["MODIFY sku varchar(64) INVISIBLE", "CHANGE sku sku varchar(64) INVISIBLE"])("%s", async (change) => {
    expect(await rules([ITEMS, `ALTER TABLE items ${change};`], engine)).toBe("breaking-running-code");
    const hidden = ITEMS.replace("varchar(64)", "varchar(64) INVISIBLE");
    expect(await rules([hidden, `ALTER TABLE items ${change};`], engine)).toBe("");
    const altered = `${ITEMS} ALTER TABLE items MODIFY sku varchar(64) INVISIBLE;`;
    expect(await rules([altered, `ALTER TABLE items ${change};`], engine)).toBe("");
  });

  test("MODIFY without it shows the column again", async () => {
    const hidden = ITEMS.replace("varchar(64)", "varchar(64) INVISIBLE");
    expect(await rules([hidden, "ALTER TABLE items MODIFY sku varchar(64);"], engine)).toBe("losing-column-attributes");
  });

  describeServer(engine, (server) => {
    test("the server takes both, and code that names what is gone fails", async () => {
      const db = await server.createDatabase("columns");
      const run = (sql: string) => query(db.url, sql);
      for (const sql of `${VIEW}${ITEMS}`.split(";").filter((text) => text.trim() !== "")) await run(sql);
      await run("CREATE OR REPLACE VIEW young AS SELECT id, age AS years FROM users");
      await expect(run("SELECT age FROM young")).rejects.toThrow("Unknown column 'age'");
      await run("ALTER TABLE items MODIFY sku varchar(64) INVISIBLE");
      await expect(run("INSERT INTO items VALUES (2, 'b', 3)")).rejects.toThrow("Column count");
      await run("INSERT INTO items VALUES (2, 3)");
      expect(await run("SELECT * FROM items")).toEqual([{ id: 2, qty: 3 }]);
      await db.drop();
    });
  });
});

const SOURCES =
  "CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, n int, r int NOT NULL DEFAULT 1, big bigint NOT NULL DEFAULT 0, l varchar(200) NOT NULL DEFAULT '', x text, d decimal(10,2), m json) DEFAULT CHARSET=utf8mb4;";
const LONG = "l = REPEAT('k', 150)";
const NULL_AGE = `m = '{"age": null}'`;
type Computed = readonly [column: string, row: string, code: readonly [mysql: number, mariadb: number] | null];

/** Computed columns, a row, and how an UPDATE of it fails; MariaDB has none that are NOT NULL (0). */
const COMPUTED: readonly Computed[] = [
  ["g int AS (n * 2) VIRTUAL NOT NULL", "n = NULL", [1048, 0]],
  ["g varchar(300) AS (concat(l, x)) VIRTUAL NOT NULL", "x = NULL", [1048, 0]],
  ["g int AS (big) VIRTUAL", "big = 9000000000", [1264, 1264]],
  ["g int unsigned AS (n) VIRTUAL", "n = -1", [1264, 1264]],
  ["g varchar(100) AS (lower(l)) VIRTUAL", LONG, [1406, 1406]],
  ["g varchar(100) AS ((l COLLATE utf8mb4_bin)) VIRTUAL", LONG, [1406, 1406]],
  ["g varchar(30) AS (x) VIRTUAL", `x = '${"k".repeat(31)}'`, [1406, 1406]],
  ["g decimal(4,2) AS (d) VIRTUAL", "d = 1000", [1264, 1264]],
  ["g int AS (x) VIRTUAL", "x = 'abc'", [1366, 1366]],
  ["g int AS (coalesce(n, 0)) VIRTUAL NOT NULL", "n = NULL", null],
  ["g int AS (n IS NULL) VIRTUAL NOT NULL", "n = NULL", null],
  ["g bigint AS (r * 2) VIRTUAL NOT NULL", "r = 2000000000", null],
  ["g varchar(10) AS (left(l, 10)) VIRTUAL", LONG, null],
  ["g varchar(200) AS (upper(l)) VIRTUAL", LONG, null],
  ["g decimal(12,1) AS (d) VIRTUAL", "d = 1000.55", null],
  ["g varchar(20) AS (n) VIRTUAL", "n = 5", null],
];

/** What no type tells, and what gives NULL for it. */
const UNTOLD: readonly (readonly [column: string, row: string, codes: readonly number[]])[] = [
  ["g int AS (json_unquote(json_extract(m, '$.age'))) VIRTUAL", NULL_AGE, [1366]],
  ["g decimal(14,2) AS (d / n) VIRTUAL", "d = 1, n = 0", [1365]],
  ["g decimal(14,2) AS (d / NULLIF(n, 0)) VIRTUAL", "d = 1, n = 0", []],
  ["g decimal(14,2) AS (d / 100) VIRTUAL", "d = 1", []],
  ["g int AS (CASE WHEN json_value(m, '$.age') REGEXP '^[0-9]+$' THEN json_value(m, '$.age') END)", NULL_AGE, []],
];

describe.each(["mysql", "mariadb"] as const)("%s: a computed column and the rows that it refuses", (engine) => {
  const isTaken = ([column]: Computed) => engine === "mysql" || !/NOT NULL$/.test(column);
  const told = async (column: string) => {
    const said = await judged([SOURCES, `ALTER TABLE t ADD COLUMN ${column};`], engine);
    return said.map(({ rule, severity, message }) => `${severity}[${rule}] ${message}`).join("\n");
  };
  test.each(COMPUTED.filter(isTaken))("%s, %s", async (column, _, code) => {
    const said = await told(column);
    if (code === null) expect(said).toBe("");
    else expect(said).toMatch(/^error\[breaking-running-code\] .* every INSERT and UPDATE of a row whose \w+ /);
  });
  test.each(UNTOLD)("%s, %s", async (column, _, codes) => {
    if (codes.length === 0) expect(await told(column)).toBe("");
    else expect(await told(column)).toMatch(/^info\[breaking-running-code\] Every INSERT and UPDATE of a row whose/);
  });
  test("no phase is right for it, where rows that are there are not looked at", async () => {
    const files = (phase: string) => [SOURCES, `-- zmigrate:phase ${phase}\nALTER TABLE t ADD COLUMN g int AS (big);`];
    for (const phase of ["expand", "contract"]) expect(await rules(files(phase), engine)).toBe("breaking-running-code");
  });

  describeServer(engine, (server) => {
    test("does what is said of it", async () => {
      const db = await server.createDatabase("computed");
      const codeOf = (sql: string) =>
        query(db.url, sql).then(
          () => null,
          (error: { errno?: number }) => error.errno,
        );
      await query(db.url, SOURCES);
      const cases = COMPUTED.filter(isTaken).map(([column, row, code]) => [column, row, code] as const);
      const untold = UNTOLD.map(
        ([column, row, [code]]) => [column, row, code === undefined ? null : [code, code]] as const,
      );
      for (const [column, row, code] of [...cases, ...untold]) {
        await query(db.url, `INSERT INTO t SET ${row}`);
        await query(db.url, `ALTER TABLE t ADD COLUMN ${column}`);
        const failed = code === null ? null : code[engine === "mysql" ? 0 : 1];
        expect([column, await codeOf("UPDATE t SET id = id + 1")]).toEqual([column, failed]);
        expect([column, await codeOf(`INSERT INTO t SET ${row}`)]).toEqual([column, failed]);
        for (const sql of ["ALTER TABLE t DROP COLUMN g", "DELETE FROM t"]) await query(db.url, sql);
      }
      await db.drop();
    });
  });
});
