import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeServer, query, type TestDatabase } from "../servers/index.js";
import { judged, rules } from "./judged.js";

const POSTGRES = `CREATE TYPE state AS ENUM ('a', 'b');
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int, g int GENERATED ALWAYS AS (a * 2) STORED);
CREATE TABLE x (id int PRIMARY KEY, s state DEFAULT 'a', n text);
CREATE TABLE fit (id int, v varchar(5), c char(3), s smallint, n numeric(5,2), l varchar(2)[]);
CREATE TABLE fits (id int PRIMARY KEY, v varchar(5), s smallint);
CREATE TABLE other (id int);
CREATE UNIQUE INDEX elsewhere ON other (id);
CREATE TABLE k (id int NOT NULL, a int);
CREATE INDEX plain ON k (id);
CREATE UNIQUE INDEX partial ON k (id) WHERE a > 1;
CREATE UNIQUE INDEX downward ON k (id DESC);
CREATE UNIQUE INDEX computed ON k ((id + 1));
CREATE UNIQUE INDEX included ON k (id) INCLUDE (a);
CREATE UNIQUE INDEX fitting ON k USING btree (id ASC NULLS LAST) WITH (fillfactor = 70);`;
const using = (index: string) => `ALTER TABLE k ADD CONSTRAINT u UNIQUE USING INDEX ${index};`;

const REFUSED_ON_POSTGRES = [
  "INSERT INTO t (id, a) VALUES (1, 2);",
  "INSERT INTO t VALUES (1, 2);",
  "INSERT INTO t (id, a) SELECT 7, 1;",
  "INSERT INTO t (id, a) VALUES (NULL, 1);",
  "UPDATE t SET id = 9 WHERE id = 5;",
  "INSERT INTO t (a, g) VALUES (1, 2);",
  "UPDATE t SET (a, g) = (1, 3) WHERE id = 1;",
  "INSERT INTO t (a) VALUES (1), (1, 2);",
  "INSERT INTO t (a, id) VALUES (1);",
  "INSERT INTO t VALUES (DEFAULT, 2, DEFAULT, 4);",
  "INSERT INTO x (id, s) VALUES (1, 'a'), (2, 'c');",
  "INSERT INTO x VALUES (1, 'c');",
  "UPDATE x SET s = 'A' WHERE id = 5;",
  "DELETE FROM x WHERE id = 1 AND s IN ('a', 'c');",
  "UPDATE x SET n = 'q' WHERE id = 1 AND s <> 'c';",
  "UPDATE x SET n = 'q' WHERE id = 1 AND 'c' = x.\"s\";",
  "UPDATE x SET n = 'q' WHERE id = 1 AND NOT (s NOT IN ('a', 'c') OR s = E'a');",
  "INSERT INTO fit (v) VALUES ('a'), ('abcdef');",
  "INSERT INTO fit VALUES (1, 'abcdef') ON CONFLICT DO NOTHING;",
  "INSERT INTO fit (c) VALUES ('abcd');",
  "INSERT INTO fit (s) VALUES (40000);",
  "INSERT INTO fit (s) VALUES (-32769), (1);",
  "INSERT INTO fit (s) VALUES (32767.5);",
  "INSERT INTO fit (id) VALUES (3000000000);",
  "INSERT INTO fit (n) VALUES (1000);",
  "INSERT INTO fit (n) VALUES (-999.999);",
  "UPDATE fits SET v = 'abcdef' WHERE id = 99;",
  "UPDATE fits SET s = 40000 WHERE id = 99;",
  "ALTER TABLE x ADD COLUMN y state DEFAULT 'c';",
  "CREATE TABLE z (s state DEFAULT 'c');",
  ...["plain", "partial", "downward", "computed", "elsewhere", "nowhere"].map(using),
];
const TAKEN_ON_POSTGRES = [
  "INSERT INTO t (id, a) VALUES (DEFAULT, 2);",
  "INSERT INTO t (id, a) OVERRIDING SYSTEM VALUE VALUES (5, 1);",
  "INSERT INTO t VALUES (DEFAULT, 2, DEFAULT);",
  "INSERT INTO t DEFAULT VALUES;",
  "UPDATE t SET (id, a, g) = (DEFAULT, 1, DEFAULT) WHERE id = 1;",
  "INSERT INTO x (id, n, s) VALUES (1, 'c', 'a'), (2, 'd', NULL);",
  "UPDATE x SET n = 'c', s = 'b' WHERE id = 1 AND n = 'c' AND s::text = 'c';",
  "UPDATE x SET n = 's = ''c''' WHERE id = 1 AND s = 'b';",
  "INSERT INTO fit VALUES (2147483647, 'abcde    ', 'ééé', -32768, 999.994, '{a,b,c}');",
  "INSERT INTO fit (v, s) VALUES ('abcdef'::varchar(5), 32767.4);",
  "UPDATE fit SET v = NULL, n = 999, l = '{aa}' WHERE id = 99;",
  "UPDATE x SET n = 'y' WHERE id = 1 AND n = $$s = 'c'$$ /* s = 'c' */ AND s = U&'b';",
  ...["included", "fitting"].map(using),
];

const MYSQL =
  "CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, a int, g int GENERATED ALWAYS AS (a * 2) STORED, v int AS (a + 1) VIRTUAL); CREATE TABLE fit (id int, v varchar(5), c char(3), s smallint, u tinyint unsigned, n decimal(5,2)); CREATE TABLE vals (id int PRIMARY KEY, s enum('a','it''s'), n int, d decimal(8,2), f float, at datetime);";
const REFUSED_ON_MYSQL = [
  "INSERT INTO vals (id, s) VALUES (1, 'archived');",
  "REPLACE INTO vals VALUES (2, 'a', 1, 1, 1, NULL), (3, '', 1, 1, 1, NULL);",
  "INSERT INTO vals SET id = 1, n = 'abc';",
  "INSERT INTO vals (id, n) VALUES (1, '12abc') ON DUPLICATE KEY UPDATE n = 3;",
  "INSERT INTO vals (id, d) VALUES (1, 'abc');",
  "INSERT INTO vals (id, d) VALUES (1, '');",
  "INSERT INTO vals (id, f) VALUES (1, 'abc');",
  "INSERT INTO vals (id, at) VALUES (1, 'soon');",
  "INSERT INTO vals (id, at) VALUES (1, '2026-13-01');",
  "UPDATE t SET a = 'abc' WHERE id = 1;",
  "INSERT INTO fit (v) VALUES ('a'), ('abcdef');",
  "INSERT INTO fit SET c = 'abcd';",
  "REPLACE INTO fit (S) VALUES (40000);",
  "INSERT INTO fit (s) VALUES (32767.5);",
  "INSERT INTO fit (u) VALUES (-1);",
  "INSERT INTO fit (u) VALUES (1), (256) ON DUPLICATE KEY UPDATE u = 1;",
  "INSERT INTO fit (id) VALUES (3000000000);",
  "INSERT INTO fit (n) VALUES (1000), (-999.999);",
  "INSERT INTO t (a, g) VALUES (1, 2);",
  "INSERT INTO t (a, V) SELECT 1, 2;",
  "INSERT INTO t SET a = 1, g = 5;",
  "REPLACE INTO t (a, g) VALUES (1, 2);",
  "UPDATE t SET g = 3 WHERE id = 1;",
  "INSERT INTO t VALUES (1, 2, 3, 4);",
  "INSERT INTO t (a) VALUES (1), (1, 2);",
  "INSERT INTO t VALUES (1);",
  "INSERT INTO t VALUES (1, 2, DEFAULT, DEFAULT, 5);",
];
const TAKEN_ON_MYSQL = [
  "INSERT INTO vals (id, s) VALUES (11, 'A'), (12, '2'), (13, 'it\\'s'), (14, 1), (15, NULL);",
  "INSERT INTO vals VALUES (16, 'a ', ' 12 ', '1e1', '-.5', '2026-01-02 03:04:05');",
  "INSERT IGNORE INTO vals (id, s, n) VALUES (17, 'archived', 'abc');",
  "INSERT INTO vals (id, n, at) VALUES (18, CONCAT('1', '2'), '20260102');",
  "UPDATE vals SET s = 'A', n = '7' WHERE id = 11;",
  "INSERT INTO fit VALUES (2147483647, 'abcde    ', 'ééé', -32768, 255, 999.994);",
  "INSERT IGNORE INTO fit (v, u) VALUES ('abcdef', 256);",
  "UPDATE fit SET v = 'abcdef' WHERE id = 99;",
  "INSERT INTO t (a, g) VALUES (1, DEFAULT);",
  "INSERT INTO t VALUES (NULL, 2, DEFAULT, DEFAULT);",
  "INSERT INTO t () VALUES ();",
  "UPDATE t SET g = DEFAULT WHERE id = 1;",
];

const CASES = [
  ["postgres", POSTGRES, REFUSED_ON_POSTGRES, TAKEN_ON_POSTGRES],
  ["mysql", MYSQL, REFUSED_ON_MYSQL, TAKEN_ON_MYSQL],
  ["mariadb", MYSQL, REFUSED_ON_MYSQL, TAKEN_ON_MYSQL],
] as const;

describe.each(CASES)("%s: values and indexes that the server refuses", (name, base, refused, taken) => {
  test.each(refused)("%s", async (sql) => {
    expect(await rules([base, sql], name)).toBe("contradicting-history");
  });
  test.each(taken)("but not %s", async (sql) => {
    expect(await rules([base, sql], name)).not.toContain("contradicting-history");
  });

  describeServer(name, (server) => {
    let db: TestDatabase;
    beforeAll(async () => {
      db = await server.createDatabase("written");
      for (const one of base.split(/; (?=CREATE)/)) await query(db.url, one);
      if (name !== "postgres") await query(db.url, "INSERT INTO t (id, a) VALUES (1, 1)");
    });
    afterAll(() => db?.drop());
    const isTaken = async (sql: string) => {
      try {
        await query(db.url, name === "postgres" ? `BEGIN; ${sql} ROLLBACK;` : sql);
        return true;
      } catch {
        return false;
      }
    };

    if (name !== "postgres")
      test("names the code that it gives for a text that is no value", async () => {
        for (const sql of refused.filter((one) => /'(?!abcd)/.test(one))) {
          const [finding] = await judged([base, sql], name);
          const code = await query(db.url, sql).catch((error: { readonly errno?: number }) => error.errno);
          expect(finding?.message, sql).toContain(`(${code})`);
        }
      });

    test("does what is said of it", async () => {
      for (const sql of refused) expect(await isTaken(sql), sql).toBe(false);
      for (const sql of taken) expect(await isTaken(sql), sql).toBe(true);
    });
  });
});

test("MariaDB takes a value for a computed column where it is NULL, or rows may be left out", async () => {
  expect(await rules([MYSQL, "INSERT INTO t (a, g) VALUES (1, NULL);"], "mariadb")).toBe("");
  expect(await rules([MYSQL, "INSERT IGNORE INTO t (a, g) VALUES (1, 2);"], "mariadb")).toBe("");
  expect(await rules([MYSQL, "INSERT IGNORE INTO t (a, g) VALUES (1, 2);"], "mysql")).toBe("contradicting-history");
});

test("MySQL and MariaDB take any text where the mode is not strict, or a trigger may write another one", async () => {
  const wrong = "INSERT INTO vals (id, s, n) VALUES (1, 'archived', 'abc');";
  expect(await rules([MYSQL, `SET sql_mode = '';\n${wrong}`], "mysql")).not.toContain("contradicting-history");
  const trigger = "CREATE TRIGGER tr BEFORE INSERT ON vals FOR EACH ROW SET NEW.s = 'a';";
  expect(await rules([MYSQL, trigger, wrong], "mariadb")).toBe("");
});

test("of what files do not tell nothing is said", async () => {
  expect(await rules([POSTGRES, "INSERT INTO nobody (id, s) VALUES (1, 'c');"])).toBe("");
  const perhaps = "DO $$ BEGIN IF now() > '2020-01-01' THEN ALTER TYPE state ADD VALUE 'c'; END IF; END $$;";
  expect(await rules([POSTGRES, perhaps, "INSERT INTO x (id, s) VALUES (1, 'c');"])).toBe("");
  const added = "ALTER TYPE state ADD VALUE 'c';";
  expect(await rules([POSTGRES, added, "INSERT INTO x (id, s) VALUES (1, 'c');"])).toBe("");
  const rule = "CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING;";
  expect(await rules([POSTGRES, rule, "INSERT INTO t (id, a) VALUES (1, 2);"])).toBe("");
});
