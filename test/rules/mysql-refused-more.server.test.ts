import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeServer, query, type TestDatabase } from "../servers/index.js";
import { allRules, judged } from "./judged.js";
import { LOCK_CASES, LOCK_TABLES } from "./lock-cases.js";

const TABLES = [
  "CREATE TABLE items (id int PRIMARY KEY, a int, b varchar(20), KEY (a))",
  "CREATE TABLE plain (id int PRIMARY KEY, x int)",
  "CREATE TABLE orgs (id bigint PRIMARY KEY, name varchar(100) NOT NULL, UNIQUE KEY u_name (name)) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci",
  "CREATE TRIGGER tr BEFORE INSERT ON items FOR EACH ROW SET NEW.a = 1",
  "CREATE TABLE days (id int, day int NOT NULL, PRIMARY KEY (id, day)) PARTITION BY RANGE (day) (PARTITION p0 VALUES LESS THAN (100), PARTITION p1 VALUES LESS THAN (2000))",
  "CREATE TABLE logs (id int NOT NULL, at date NOT NULL) PARTITION BY RANGE (TO_DAYS(at)) (PARTITION p1 VALUES LESS THAN (TO_DAYS('2026-01-01')), PARTITION pm VALUES LESS THAN MAXVALUE)",
  "CREATE TABLE li (id int NOT NULL, r int NOT NULL) PARTITION BY LIST (r) (PARTITION a VALUES IN (1,2), PARTITION b VALUES IN (3))",
  "CREATE TABLE cols (id int NOT NULL, d date NOT NULL) PARTITION BY RANGE COLUMNS (d) (PARTITION p1 VALUES LESS THAN ('2026-01-01'), PARTITION p2 VALUES LESS THAN ('2027-01-01'))",
  "CREATE TABLE texts (id int PRIMARY KEY, big varchar(2000), half varchar(400), half2 varchar(400), small varchar(300), ind varchar(100), KEY (ind)) CHARACTER SET utf8mb4",
];
/** Keys over many letters, and who of both refuses them (1071): MariaDB makes hashes of them, or takes the beginning. */
const LONG: readonly (readonly [sql: string, mysql: boolean, mariadb: boolean])[] = [
  ["CREATE TABLE z (a varchar(769) CHARACTER SET utf8mb4 PRIMARY KEY)", true, true],
  ["CREATE TABLE z (a varchar(768), PRIMARY KEY (a)) CHARACTER SET utf8mb4", false, false],
  ["CREATE TABLE z (id int PRIMARY KEY, a varchar(769), KEY (a)) CHARACTER SET utf8mb4", true, false],
  ["CREATE TABLE z (id int PRIMARY KEY, a varchar(3073) CHARACTER SET latin1, UNIQUE (a))", true, false],
  ["CREATE TABLE z (id int PRIMARY KEY, a varchar(3072) CHARACTER SET latin1, KEY (a))", false, false],
  ["CREATE TABLE z (id int PRIMARY KEY, a text CHARACTER SET utf8mb4, KEY (a(800)))", true, false],
  ["CREATE TABLE z (id int PRIMARY KEY, a text CHARACTER SET utf8mb4, KEY (a(700)))", false, false],
  ["CREATE TABLE z (id int PRIMARY KEY, a text CHARACTER SET utf8mb4, FULLTEXT KEY (a))", false, false],
  ["CREATE INDEX i ON texts (big)", true, false],
  ["CREATE INDEX i ON texts (big(700))", false, false],
  ["CREATE INDEX i ON texts (big, id)", true, true],
  ["CREATE INDEX i ON texts (half, half2)", true, true],
  ["CREATE INDEX i ON texts (half, small)", false, false],
  ["ALTER TABLE texts ADD COLUMN z varchar(1000) UNIQUE", true, false],
  ["ALTER TABLE texts MODIFY ind varchar(1000)", true, false],
  ["ALTER TABLE texts MODIFY ind varchar(700)", false, false],
];
const BASE = `${TABLES.join(";\n")};`;
const VERSION = { mysql: "9.7.0", mariadb: "10.11.0" } as const;

const KIDS = (column: string, options = "") =>
  `CREATE TABLE kids (id int PRIMARY KEY, n varchar(50) ${column}, FOREIGN KEY (n) REFERENCES orgs (name)) ${options}`;

type Case = readonly [sql: string, mysql: number, mariadb: number];

const both = (sql: string, code: number): Case => [sql, code, code];

/** What both servers refuse, and with which numbers. */
const REFUSED: readonly Case[] = [
  both("ALTER TABLE logs ADD PARTITION (PARTITION p9 VALUES LESS THAN (TO_DAYS('2030-01-01')))", 1481),
  both("ALTER TABLE days ADD PARTITION (PARTITION p2 VALUES LESS THAN (2000))", 1493),
  both("ALTER TABLE days ADD PARTITION (PARTITION P1 VALUES LESS THAN (3000))", 1517),
  both(
    "ALTER TABLE days ADD PARTITION (PARTITION p3 VALUES LESS THAN (3000), PARTITION p4 VALUES LESS THAN (2500))",
    1493,
  ),
  both("ALTER TABLE cols ADD PARTITION (PARTITION p3 VALUES LESS THAN ('2026-06-01'))", 1493),
  both("ALTER TABLE li ADD PARTITION (PARTITION c VALUES IN (4, 2))", 1495),
  both(
    "CREATE TABLE t (id int) PARTITION BY RANGE (id) (PARTITION a VALUES LESS THAN (5), PARTITION b VALUES LESS THAN (3))",
    1493,
  ),
  both("CREATE TRIGGER tq BEFORE INSERT ON items FOR EACH ROW SET NEW.nope = 1", 1054),
  both("CREATE TRIGGER tq AFTER UPDATE ON items FOR EACH ROW INSERT INTO plain (id, x) VALUES (1, OLD.`nope`)", 1054),
  both("CREATE TRIGGER tr BEFORE INSERT ON items FOR EACH ROW SET NEW.a = 1", 1359),
  both("CREATE VIEW v AS SELECT id, nope FROM items", 1054),
  both("CREATE VIEW v AS SELECT items.`nope` AS x FROM items WHERE id > 3", 1054),
  [KIDS("CHARACTER SET latin1"), 3780, 1005],
  [KIDS("COLLATE utf8mb4_bin"), 3780, 1005],
  [KIDS("", "DEFAULT CHARSET=latin1"), 3780, 1005],
];

/** In their order: what both take. */
const TAKEN = [
  "ALTER TABLE days ADD PARTITION (PARTITION p2 VALUES LESS THAN (2001))",
  "ALTER TABLE days DROP PARTITION p2",
  "ALTER TABLE days ADD PARTITION (PARTITION p2 VALUES LESS THAN (2001), PARTITION p3 VALUES LESS THAN MAXVALUE)",
  "ALTER TABLE days REORGANIZE PARTITION p3 INTO (PARTITION p3 VALUES LESS THAN (3000), PARTITION pm VALUES LESS THAN MAXVALUE)",
  "ALTER TABLE days DROP PARTITION pm",
  "ALTER TABLE days ADD PARTITION (PARTITION p4 VALUES LESS THAN (4000))",
  "ALTER TABLE days REMOVE PARTITIONING",
  "ALTER TABLE days PARTITION BY RANGE (day) (PARTITION p0 VALUES LESS THAN (50))",
  "ALTER TABLE days ADD PARTITION (PARTITION p1 VALUES LESS THAN (60))",
  "ALTER TABLE logs DROP PARTITION pm",
  "ALTER TABLE logs ADD PARTITION (PARTITION p2 VALUES LESS THAN (TO_DAYS('2030-01-01')))",
  "ALTER TABLE cols ADD PARTITION (PARTITION p3 VALUES LESS THAN ('2028-01-01'))",
  "ALTER TABLE li ADD PARTITION (PARTITION c VALUES IN (4, 5))",
  "CREATE TRIGGER tq BEFORE INSERT ON items FOR EACH ROW SET NEW.A = '3', NEW.`b` = concat(NEW.b, 'NEW.nope')",
  "DROP TRIGGER tr",
  "CREATE TRIGGER tr BEFORE INSERT ON items FOR EACH ROW SET NEW.a = 1",
  "RENAME TABLE items TO things",
  "DROP TRIGGER IF EXISTS tr",
  "CREATE TRIGGER tr BEFORE INSERT ON things FOR EACH ROW SET NEW.a = 1",
  "CREATE VIEW v1 AS SELECT i.ID AS x, b FROM things i ORDER BY x",
  "CREATE VIEW v2 AS SELECT ID, NULL AS y, CURRENT_DATE FROM things WHERE a > 3",
  "CREATE VIEW v3 AS SELECT name FROM things JOIN orgs USING (id)",
  "DROP TABLE IF EXISTS kids",
  KIDS("", "DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci"),
  "DROP TABLE kids",
  KIDS("COLLATE utf8mb4_general_ci", "DEFAULT CHARSET=latin1"),
];

describe.each(["mysql", "mariadb"] as const)("%s", (engine) => {
  const codeOf = ([, mysql, mariadb]: Case): number => (engine === "mysql" ? mysql : mariadb);
  const told = async (files: readonly string[]) => {
    const said = await judged(files, engine, VERSION[engine]);
    return said.find(({ rule }) => /contradicting-history|foreign-key-type-mismatch/.test(rule))?.message ?? "";
  };

  test.each(REFUSED)("%s", async (...each) => {
    const code = codeOf(each);
    expect(await told([BASE, `${each[0]};`])).toContain(code === 1359 ? "trigger `tr` on `items` is there" : `${code}`);
  });
  test("what is taken is not told", async () => {
    for (const [at, sql] of TAKEN.entries()) {
      const before = `${BASE} ${TAKEN.slice(0, at).join("; ")};`;
      expect(await told([before, `${sql};`]), sql).toBe("");
    }
  });
  const isLong = ([, mysql, mariadb]: (typeof LONG)[number]) => (engine === "mysql" ? mysql : mariadb);
  test("a key of more bytes than one may have", async () => {
    for (const one of LONG) expect((await told([BASE, `${one[0]};`])).includes("(1071)"), one[0]).toBe(isLong(one));
    const unsaid = await told(["", "CREATE TABLE z (a varchar(769) PRIMARY KEY);"]);
    expect(unsaid).toContain("3076 bytes, with the letters of utf8mb4 where no file names others");
  });
  test("numbers that rows may have come from a sequence that begins again", async () => {
    if (engine === "mysql") return;
    expect(await allRules([BASE, "ALTER SEQUENCE sq RESTART 1;"], engine)).toContain("breaking-running-code");
    expect(await allRules([BASE, "ALTER SEQUENCE sq INCREMENT BY 2;"], engine)).toBe("");
  });
  const log = (columns: string) =>
    `CREATE TRIGGER tq AFTER UPDATE ON items FOR EACH ROW INSERT INTO plain (${columns}) VALUES (1, 2);`;
  test("a trigger that writes a column which is not there fails what fires it", async () => {
    expect(await allRules([BASE, log("id, nope")], engine)).toBe("breaking-running-code");
    expect(await allRules([BASE, log("ID, x")], engine)).toBe("");
    const told = "CREATE TABLE items (id int); ALTER TABLE plain ADD COLUMN x int;";
    expect(await allRules([told, log("id, nope")], engine)).toBe("");
  });
  test("what LOCK TABLES leaves out, or locks for reading, is refused until UNLOCK TABLES", async () => {
    const base = `${LOCK_TABLES.join(";\n")};`;
    for (const [statements, ...codes] of LOCK_CASES) {
      const code = codes[engine === "mysql" ? 0 : 1];
      const [last, said] = [statements.at(-1) ?? "", await judged([base, `${statements.join(";\n")};`], engine)];
      const refused = said.filter(({ rule }) => rule === "contradicting-history").map(({ message }) => message);
      if (code === null) expect(refused, last).toEqual([]);
      else expect(refused.join(), last).toContain(`(${code})`);
    }
    const lock = "LOCK TABLES one WRITE;";
    expect(await told([`${base} ${lock}`, "DELETE FROM two WHERE id = 1;"])).toBe("");
    expect(await told([`${base} CREATE PROCEDURE u() START TRANSACTION;`, `${lock} CALL u(); DELETE FROM two;`])).toBe(
      "",
    );
  });
  test("nor what no file has made", async () => {
    for (const [sql] of REFUSED.filter(([text]) => !text.startsWith("CREATE TABLE")))
      expect(await allRules(["", `${sql};`], engine), sql).not.toContain("contradicting-history");
  });

  describeServer(engine, (server) => {
    let db: TestDatabase;
    beforeAll(async () => {
      db = await server.createDatabase("refused_more");
      for (const sql of TABLES) await query(db.url, sql);
    });
    afterAll(() => db?.drop());

    test("the server says the same of LOCK TABLES", async () => {
      const own = await server.createDatabase("locks");
      for (const sql of LOCK_TABLES) await query(own.url, sql);
      for (const [statements, ...codes] of LOCK_CASES) {
        const errno = codes[engine === "mysql" ? 0 : 1];
        const connection = await createConnection(own.url);
        for (const sql of statements.slice(0, -1)) await connection.query(sql);
        const run = connection.query(statements.at(-1) ?? "");
        if (errno === null) await run;
        else await expect(run, statements.join("; ")).rejects.toMatchObject({ errno });
        await connection.query("ROLLBACK");
        await connection.end();
      }
      await own.drop();
    });
    test("the server says the same", async () => {
      for (const each of REFUSED)
        await expect(query(db.url, each[0]), each[0]).rejects.toMatchObject({ errno: codeOf(each) });
      for (const sql of TAKEN) await query(db.url, sql);
      for (const one of LONG) {
        if (isLong(one)) await expect(query(db.url, one[0]), one[0]).rejects.toMatchObject({ errno: 1071 });
        else await query(db.url, one[0]);
        await query(db.url, "DROP TABLE IF EXISTS z");
        await query(db.url, "DROP INDEX i ON texts").catch(() => null);
      }
      await query(db.url, log("id, nope").replace("tq AFTER UPDATE ON items", "tz AFTER UPDATE ON orgs"));
      await query(db.url, "INSERT INTO orgs VALUES (1, 'x')");
      await expect(query(db.url, "UPDATE orgs SET name = 'y'")).rejects.toMatchObject({ errno: 1054 });
    });
  });
});
