import { createConnection } from "mysql2/promise";
import { describe, expect, test } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { judged } from "./judged.js";

const TABLES = ["CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, d datetime)", "CREATE VIEW v AS SELECT id FROM t"];
const BASE = `${TABLES.join(";\n")};`;
const VERSION = { mysql: "9.7.0", mariadb: "10.11.0" } as const;
const MODE = (mode: string, sql: string) => `SET sql_mode = '${mode}';\n${sql}`;
const ZERO = "ALTER TABLE t ADD COLUMN z datetime NOT NULL DEFAULT '0000-00-00 00:00:00'";
const MONTH = "ALTER TABLE t ADD COLUMN z date DEFAULT '2026-00-01'";

/** With the numbers of MySQL and MariaDB; 0 where the server takes it. */
type Case = readonly [sql: string, mysql: number, mariadb: number];

const CASES: readonly Case[] = [
  [ZERO, 1067, 0],
  [MONTH, 1067, 0],
  ["ALTER TABLE t ALTER d SET DEFAULT '0000-00-00 00:00:00'", 1067, 0],
  [MODE("", ZERO), 0, 0],
  [MODE("STRICT_ALL_TABLES", ZERO), 0, 0],
  [MODE("STRICT_ALL_TABLES,NO_ZERO_DATE", ZERO), 1067, 1067],
  [MODE("STRICT_ALL_TABLES,NO_ZERO_DATE", MONTH), 0, 0],
  [MODE("STRICT_ALL_TABLES,NO_ZERO_IN_DATE", MONTH), 1067, 1067],
  [MODE("STRICT_ALL_TABLES,NO_ZERO_IN_DATE", ZERO), 0, 0],
  [MODE("TRADITIONAL", ZERO), 1067, 1067],
  ["ALTER TABLE t ALTER a SET DEFAULT NULL", 1067, 1067],
  ["ALTER TABLE t ALTER a SET DEFAULT 'x'", 1067, 1067],
  ["ALTER TABLE t MODIFY a int NOT NULL DEFAULT NULL", 1067, 1067],
  [MODE("", "CREATE TABLE u (id int PRIMARY KEY DEFAULT NULL)"), 1067, 1067],
  ["ALTER TABLE t ALTER a SET DEFAULT 3", 0, 0],
  ["ALTER TABLE t ALTER d SET DEFAULT NULL", 0, 0],
  ["ALTER TABLE t ALTER nope SET DEFAULT 1", 1054, 1054],
  ["ALTER TABLE t ALTER nope DROP DEFAULT", 1054, 1054],
  ["ALTER TABLE t MODIFY nope int", 1054, 1054],
  ["ALTER TABLE t CHANGE nope x int", 1054, 1054],
  ["ALTER TABLE t RENAME COLUMN nope TO x", 1054, 1054],
  ["ALTER TABLE v ADD COLUMN x int", 1347, 1347],
  ["ALTER TABLE v COMMENT 'x'", 1347, 1347],
  ["CREATE INDEX i ON v (id)", 1347, 1347],
  ["CREATE TRIGGER tr BEFORE INSERT ON v FOR EACH ROW SET NEW.id = 1", 1347, 1347],
  ["TRUNCATE TABLE v", 1146, 1146],
  ["DROP TABLE v", 1051, 1965],
  ["DROP TABLE IF EXISTS v", 0, 0],
  ["RENAME TABLE v TO w", 0, 0],
];

describe.each(["mysql", "mariadb"] as const)("%s: defaults, missing columns and views", (engine) => {
  const codeOf = ([, mysql, mariadb]: Case) => (engine === "mysql" ? mysql : mariadb);
  const told = async (sql: string) => {
    const said = await judged([BASE, `${sql};`], engine, VERSION[engine]);
    return said.find(({ rule }) => rule === "contradicting-history")?.message ?? "";
  };

  test.each(CASES)("%s", async (...each) => {
    const code = codeOf(each);
    const said = await told(each[0]);
    if (code === 0) expect(said).toBe("");
    else expect(said).toContain(`(${code})`);
  });

  test("a mode that is put together from another is not told", async () => {
    expect(await told(`SET sql_mode = CONCAT(@@sql_mode, ',NO_ZERO_DATE');\n${ZERO}`)).toBe("");
  });

  describeServer(engine, (server) => {
    test("the server refuses what is told, and takes the rest", async () => {
      const db = await server.createDatabase("refused_defaults");
      for (const each of CASES) {
        for (const sql of ["DROP VIEW IF EXISTS v, w", "DROP TABLE IF EXISTS t, u", ...TABLES])
          await query(db.url, sql);
        const session = await createConnection({ uri: db.url, multipleStatements: true });
        const code = await session.query(each[0]).then(
          () => 0,
          (error: { readonly errno: number }) => error.errno,
        );
        session.destroy();
        expect(code, each[0]).toBe(codeOf(each));
      }
      await db.drop();
    });
  });
});
