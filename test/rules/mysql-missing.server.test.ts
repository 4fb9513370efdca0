import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeServer, query, type TestDatabase } from "../servers/index.js";
import { allRules, judged } from "./judged.js";

const TABLES = [
  "CREATE TABLE orgs (id int PRIMARY KEY)",
  "CREATE TABLE items (id int PRIMARY KEY, a int, b int, z int, name text, v varchar(90), CONSTRAINT f FOREIGN KEY (a) REFERENCES orgs (id), FOREIGN KEY (b) REFERENCES orgs (id), KEY (z), KEY named (v))",
  "CREATE TABLE events (id int NOT NULL, d date NOT NULL, n int) PARTITION BY RANGE (TO_DAYS(d)) (PARTITION p0 VALUES LESS THAN (738000), PARTITION pm VALUES LESS THAN MAXVALUE)",
];
const BASE = `${TABLES.join(";\n")};`;
const VERSION = { mysql: "9.7.0", mariadb: "10.11.0" } as const;

type Case = readonly [sql: string, mysql: number | null, mariadb: number | null];

/** What the servers refuse, and with which number; null for one that takes it. */
const REFUSED: readonly Case[] = [
  ["ALTER TABLE items DROP INDEX nope", 1091, 1091],
  ["DROP INDEX nope ON items", 1091, 1091],
  ["ALTER TABLE items DROP COLUMN z, DROP INDEX named, DROP INDEX named", 1091, 1091],
  ["ALTER TABLE items DROP FOREIGN KEY f, DROP FOREIGN KEY F", 1091, 1091],
  ["ALTER TABLE items DROP FOREIGN KEY nope", 1091, 1091],
  ["ALTER TABLE items DROP CONSTRAINT nope", 3940, 1091],
  ["ALTER TABLE items DROP CHECK nope", 3821, null],
  ["ALTER TABLE items RENAME INDEX nope TO yes", 1176, 1176],
  ["ALTER TABLE items RENAME INDEX z TO Named", 1061, 1061],
  ["ALTER TABLE items ADD COLUMN y int AFTER nope", 1054, 1054],
  ["ALTER TABLE items MODIFY v varchar(90) AFTER nope", 1054, 1054],
  ["ALTER TABLE items ADD KEY (name)", 1170, null],
  ["CREATE INDEX i ON items (z, name)", 1170, null],
  ["ALTER TABLE events ADD UNIQUE KEY u (id)", 1503, 1503],
  ["ALTER TABLE events ADD PRIMARY KEY (id)", 1503, 1503],
  ["CREATE UNIQUE INDEX u ON events (id, n)", 1503, 1503],
  ["CREATE TABLE t1 (id int AUTO_INCREMENT)", 1075, 1075],
  ["CREATE TABLE t1 (a int, id int AUTO_INCREMENT, PRIMARY KEY (a, id))", 1075, 1075],
  ["ALTER TABLE events ADD COLUMN c int AUTO_INCREMENT", 1075, 1075],
  ["CREATE TABLE t1 (id int PRIMARY KEY, d date) PARTITION BY HASH (YEAR(d))", 1503, 1503],
  ["CREATE TABLE t1 (id int PRIMARY KEY, t text, KEY (t))", 1170, null],
  ["CREATE TABLE t1 (t text PRIMARY KEY)", 1170, 1170],
  ["CREATE TABLE t1 (id int PRIMARY KEY, s enum('a','b') DEFAULT 'void')", 1067, 1067],
  ["ALTER TABLE items ADD COLUMN y int DEFAULT 'abc'", 1067, 1067],
  ["ALTER TABLE items MODIFY z int NOT NULL DEFAULT ''", 1067, 1067],
  ...[
    "char(2) DEFAULT 'ABC'",
    "varbinary(2) DEFAULT 'abc'",
    "tinyint DEFAULT 300",
    "tinyint unsigned DEFAULT -1",
    "smallint DEFAULT '40000'",
    "boolean DEFAULT 'true'",
    "float DEFAULT ''",
    "date DEFAULT '2025-13-01'",
    "datetime DEFAULT ''",
  ].map((column): Case => [`ALTER TABLE items ADD COLUMN y ${column}`, 1067, 1067]),
  ...["datetime(3) DEFAULT CURRENT_TIMESTAMP", "timestamp DEFAULT now(3)", "date DEFAULT now()"].map(
    (column): Case => [`ALTER TABLE items ADD COLUMN y ${column}`, 1067, null],
  ),
  ["CREATE TRIGGER tr AFTER INSERT ON items FOR EACH ROW SET NEW.v = 'x'", 1362, 1362],
  ["CREATE TRIGGER tr BEFORE UPDATE ON items FOR EACH ROW BEGIN SET OLD.v = 'x'; END", 1362, 1362],
  ["CREATE TRIGGER tr BEFORE DELETE ON items FOR EACH ROW SET @a = NEW.id", 1363, 1363],
  ["CREATE TRIGGER tr AFTER INSERT ON items FOR EACH ROW INSERT INTO orgs VALUES (OLD.id)", 1363, 1363],
  ["CREATE TABLE t1 (id int AUTO_INCREMENT PRIMARY KEY, d int AS (id * 2) VIRTUAL)", 3109, null],
];

/** In their order: what both take. */
const TAKEN = [
  "ALTER TABLE items DROP FOREIGN KEY F",
  "ALTER TABLE items DROP INDEX f",
  "ALTER TABLE items DROP FOREIGN KEY items_ibfk_1",
  "ALTER TABLE items DROP INDEX b",
  "ALTER TABLE items DROP COLUMN z, DROP INDEX z",
  "ALTER TABLE items DROP COLUMN v, DROP INDEX named",
  "ALTER TABLE items ADD COLUMN x int AFTER NAME, ADD COLUMN w int AFTER x",
  "ALTER TABLE items ADD KEY t (name(10))",
  "ALTER TABLE items RENAME INDEX T TO t2",
  "ALTER TABLE items ADD FULLTEXT KEY ft (name)",
  "ALTER TABLE items ADD COLUMN c int AUTO_INCREMENT, ADD KEY (c)",
  "ALTER TABLE events ADD UNIQUE KEY u (id, d)",
  "CREATE TABLE t2 (a int, id int AUTO_INCREMENT, KEY (id, a))",
  "CREATE TABLE t3 (id serial, t text, g int, KEY (t(20), g), FULLTEXT KEY (t))",
  "CREATE TABLE t4 (id int PRIMARY KEY, d date) PARTITION BY KEY ()",
  "ALTER TABLE events REMOVE PARTITIONING",
  "CREATE TABLE t5 (id int AUTO_INCREMENT PRIMARY KEY, a int, s enum('a','b''c') DEFAULT 'B''C', n int DEFAULT ' 5 ', m bigint DEFAULT '-3', v varchar(9) DEFAULT 'abc', d int AS (a + 2) VIRTUAL)",
  "CREATE TRIGGER tr1 BEFORE INSERT ON items FOR EACH ROW SET NEW.a = 1",
  "CREATE TRIGGER tr2 AFTER DELETE ON items FOR EACH ROW INSERT INTO orgs VALUES (OLD.id) /* NEW.id */",
  "CREATE TRIGGER tr3 AFTER UPDATE ON items FOR EACH ROW BEGIN SET @a = NEW.id + OLD.id, @b = 'NEW.id'; END",
  "CREATE UNIQUE INDEX u3 ON events (id)",
  "CREATE TABLE t6 (id int PRIMARY KEY, a char(2) DEFAULT 'AB  ', b tinyint DEFAULT -128, c int unsigned DEFAULT 4294967295, d datetime(3) DEFAULT CURRENT_TIMESTAMP(3), e timestamp DEFAULT now(), f date DEFAULT '2025-12-31', g boolean DEFAULT true, h decimal(3,1) DEFAULT '1e1')",
];

const OWNERS = [
  "CREATE TABLE ex (id int PRIMARY KEY, v varchar(20), UNIQUE KEY ux (v))",
  "CREATE TABLE logs (id int PRIMARY KEY, v varchar(20))",
  "CREATE PROCEDURE without_ux() BEGIN DECLARE CONTINUE HANDLER FOR SQLEXCEPTION BEGIN END; DROP INDEX ux ON logs; END",
  "CALL without_ux()",
];

/** In their order; the number where the server refuses it. */
function triggersOf(engine: "mysql" | "mariadb"): readonly (readonly [sql: string, errno: number | null])[] {
  const on = (table: string) => `CREATE TRIGGER tg BEFORE INSERT ON ${table} FOR EACH ROW SET NEW.v = 1`;
  const own: readonly (readonly [string, null])[] =
    engine === "mysql"
      ? [["DROP TRIGGER TG", null]]
      : [
          [on("third").replace("TRIGGER", "TRIGGER IF NOT EXISTS"), null],
          ["DROP TRIGGER tg", null],
        ];
  return [
    ["CREATE TABLE first (id int PRIMARY KEY, v int, CONSTRAINT low CHECK (v > 0))", null],
    ["CREATE TABLE second (id int PRIMARY KEY, v int)", null],
    [on("first"), null],
    [on("second"), 1359],
    ["RENAME TABLE first TO third", null],
    [on("second"), 1359],
    ["DROP TRIGGER tg", null],
    [on("second"), null],
    ["RENAME TABLE second TO first", null],
    ...own,
    [on("first"), null],
    ["DROP TABLE first", null],
    [on("third"), null],
    ["CREATE TABLE alike LIKE third", null],
    [`ALTER TABLE alike DROP CONSTRAINT ${engine === "mysql" ? "alike_chk_1" : "low"}`, null],
    ["ALTER TABLE third DROP CONSTRAINT low", null],
  ];
}

const ROUTINE = (name: string, how = "") => `CREATE ${how} PROCEDURE ${name}() SELECT 1`;
const FUNCTION = (name: string) => `CREATE FUNCTION ${name}(x int) RETURNS int DETERMINISTIC RETURN x`;
const EVENT = (name: string, at = "EVERY 1 DAY") => `CREATE EVENT ${name} ON SCHEDULE ${at} DO SELECT 1`;
const PAST = "AT '2020-01-01'";
const TRIGGER = (name: string, table: string, order = "", when = "BEFORE INSERT") =>
  `CREATE TRIGGER ${name} ${when} ON ${table} FOR EACH ROW ${order} SET @x = 1`;

/** In their order: what is stored under a name, once and again. */
const STORED: readonly Case[] = [
  [ROUTINE("p"), null, null],
  [ROUTINE("p"), 1304, 1304],
  [ROUTINE("P"), 1304, 1304],
  [FUNCTION("p"), null, null],
  [FUNCTION("`P`"), 1304, 1304],
  [ROUTINE("p").replace("PROCEDURE", "PROCEDURE IF NOT EXISTS"), null, null],
  ["ALTER PROCEDURE p COMMENT 'x'", null, null],
  ["DROP PROCEDURE IF EXISTS P", null, null],
  [ROUTINE("p"), null, null],
  [FUNCTION("p"), 1304, 1304],
  ["DROP FUNCTION p", null, null],
  [FUNCTION("p"), null, null],
  [EVENT("e"), null, null],
  [EVENT("E"), 1537, 1537],
  [EVENT("e", PAST), null, null],
  [EVENT("e", `${PAST} ON COMPLETION PRESERVE`), 1537, 1537],
  [EVENT("e").replace("EVENT", "EVENT IF NOT EXISTS"), null, null],
  ["ALTER EVENT e DISABLE", null, null],
  [EVENT("e"), 1537, 1537],
  ["ALTER EVENT e RENAME TO e2", null, null],
  [EVENT("e"), null, null],
  ["DROP EVENT e", null, null],
  [EVENT("e"), null, null],
  [EVENT("once", PAST), null, null],
  [EVENT("once", PAST), null, null],
  ["CREATE TABLE one (id int PRIMARY KEY)", null, null],
  ["CREATE TABLE two (id int PRIMARY KEY)", null, null],
  [TRIGGER("x1", "one"), null, null],
  [TRIGGER("x1", "two"), 1359, 1359],
  [TRIGGER("x2", "two", "FOLLOWS x1"), 3011, 4031],
  [TRIGGER("x2", "one", "PRECEDES nope"), 3011, 4031],
  [TRIGGER("x2", "one", "FOLLOWS x1", "AFTER INSERT"), 3011, 4031],
  [TRIGGER("x2", "one", "FOLLOWS x1", "BEFORE DELETE"), 3011, 4031],
  [TRIGGER("x2", "one", "FOLLOWS x1"), null, null],
  ["RENAME TABLE one TO three", null, null],
  [TRIGGER("x3", "three", "PRECEDES x1"), null, null],
  [TRIGGER("IF NOT EXISTS x2", "three"), null, null],
  ["DROP TRIGGER x1", null, null],
  [TRIGGER("x1", "three", "FOLLOWS x1"), 3011, 4031],
  [TRIGGER("x1", "two"), null, null],
  [TRIGGER("x4", "two", "PRECEDES x1"), null, null],
  ["DROP TABLE three", null, null],
  [TRIGGER("x2", "two", "FOLLOWS x1"), null, null],
];
const OF_ONE: Readonly<Record<"mysql" | "mariadb", readonly Case[]>> = {
  mysql: [
    ["CREATE TABLE four (id int PRIMARY KEY)", null, null],
    [TRIGGER("X1", "two"), 1359, null],
    [TRIGGER("X1", "four"), 1359, null],
    [TRIGGER("IF NOT EXISTS X1", "four"), 4100, null],
    [TRIGGER("IF NOT EXISTS x1", "two", "FOLLOWS nope"), null, null],
    [TRIGGER("x9", "two", "FOLLOWS X1"), null, null],
    ["DROP TRIGGER X1", null, null],
    [TRIGGER("IF NOT EXISTS x1", "four"), null, null],
  ],
  mariadb: [
    ["CREATE TABLE four (id int PRIMARY KEY)", null, null],
    [ROUTINE("p", "OR REPLACE"), null, null],
    [EVENT("e").replace("CREATE", "CREATE OR REPLACE"), null, null],
    [TRIGGER("x1", "four").replace("CREATE", "CREATE OR REPLACE"), null, 1360],
    [TRIGGER("x1", "two", "FOLLOWS x2").replace("CREATE", "CREATE OR REPLACE"), null, null],
    [TRIGGER("x8", "two", "FOLLOWS X1"), null, 4031],
    [TRIGGER("X1", "four"), null, null],
    [TRIGGER("IF NOT EXISTS x1", "four"), null, null],
    ["DROP TRIGGER x1", null, null],
    [TRIGGER("x1", "four").replace("CREATE", "CREATE OR REPLACE"), null, null],
  ],
};

describe.each(["mysql", "mariadb"] as const)("%s", (engine) => {
  const stored = [...STORED, ...OF_ONE[engine]];
  const finding = engine === "mysql" ? [] : ["DROP INDEX IF EXISTS ux ON logs", "DROP INDEX IF EXISTS UX ON logs"];
  const triggers = triggersOf(engine);
  const codeOf = ([, mysql, mariadb]: Case): number | null => (engine === "mysql" ? mysql : mariadb);
  const refused = async (files: readonly string[]) => {
    const said = await judged(files, engine, VERSION[engine]);
    return said.find(({ rule }) => rule === "contradicting-history")?.message ?? "";
  };

  test.each(REFUSED)("%s", async (...each) => {
    const message = await refused([BASE, `${each[0]};`]);
    if (codeOf(each) === null) expect(message).toBe("");
    else expect(message).toContain(`(${codeOf(each)})`);
  });

  test("what is taken is not told", async () => {
    for (const [at, sql] of TAKEN.entries()) {
      const before = `${BASE} ${TAKEN.slice(0, at).join("; ")};`;
      expect(await refused([before, `${sql};`]), sql).toBe("");
    }
  });

  test("nothing is said of a table that no file made, nor of IF EXISTS", async () => {
    expect(await allRules(["", "ALTER TABLE items DROP INDEX nope;"], engine)).not.toContain("contradicting");
    if (engine === "mariadb") {
      expect(await refused([BASE, "ALTER TABLE items DROP FOREIGN KEY IF EXISTS nope;"])).toBe("");
    }
  });

  test("an index is its table's: what drops none of one leaves that of the same name to another", async () => {
    const before = [...OWNERS, ...finding, "CREATE TABLE other (id int)"].join(";\n");
    expect(await refused([before, "DROP INDEX ux ON ex;"])).toBe("");
    expect(await allRules([before, "DROP INDEX ux ON ex;"], engine)).toContain("dropping-key");
    expect(await refused([before, "ALTER TABLE ex ADD KEY UX (id);"])).toContain("`UX` is there already");
    // With IF EXISTS a table that has none stays known.
    const asked = [...OWNERS.slice(0, 2), ...finding].join("; ");
    expect(await refused([`${asked};`, "ALTER TABLE logs DROP INDEX ux;"])).toContain("(1091)");
    expect(await refused([`${before}; CREATE INDEX ux ON logs (v);`, "DROP INDEX ux ON logs;"])).toBe("");
  });

  test("a trigger's name is its schema's, and goes with its table where that gets another one", async () => {
    for (const [at, [sql, errno]] of triggers.entries()) {
      const before = triggers.slice(0, at).flatMap(([one, no]) => (no === null ? [`${one};`] : []));
      expect(await refused([before.join("\n"), `${sql};`]), sql).toContain(errno === null ? "" : "is there already");
      if (errno === null) expect(await refused([before.join("\n"), `${sql};`]), sql).toBe("");
    }
  });

  test("a name of a routine, an event or a trigger is given once, and FOLLOWS names a trigger of the table", async () => {
    for (const [at, each] of stored.entries()) {
      const before = stored.slice(0, at).flatMap((one) => (codeOf(one) === null ? [`${one[0]};`] : []));
      const [code, said] = [codeOf(each), await refused([before.join("\n"), `${each[0]};`])];
      if (code === null) expect(said, each[0]).toBe("");
      else expect(said, each[0]).toContain([1304, 1359, 1537].includes(code) ? "is there already" : `(${code})`);
    }
    const twice = await refused([`${ROUTINE("p")}; DROP DATABASE IF EXISTS other;`, `${ROUTINE("p")};`]);
    expect(twice).toContain("procedure `p` is there already");
  });

  test("nothing is said of a routine or trigger that code without a text may have taken away", async () => {
    const gone = `${ROUTINE("p")}; CREATE TABLE one (id int); ${TRIGGER("x1", "one")}; DROP TABLE one;`;
    expect(await refused([gone, `CREATE TABLE one (id int); ${TRIGGER("x1", "one")};`])).toBe("");
    expect(
      await refused([`USE d; ${ROUTINE("p")}; DROP DATABASE d; CREATE DATABASE d;`, `USE d; ${ROUTINE("p")};`]),
    ).toBe("");
    expect(await refused([`USE d; ${ROUTINE("p")};`, `USE c; ${ROUTINE("p")};`])).toBe("");
    expect(await refused([`${TRIGGER("x1", "unknown")};`, `${TRIGGER("x2", "other", "FOLLOWS x3")};`])).toBe("");
    expect(await refused([`${TRIGGER("x1", "unknown")};`, `${TRIGGER("x2", "other", "FOLLOWS x1")};`])).not.toBe("");
  });

  describeServer(engine, (server) => {
    let db: TestDatabase;
    beforeAll(async () => {
      db = await server.createDatabase("missing");
      for (const sql of TABLES) await query(db.url, sql);
    });
    afterAll(() => db?.drop());

    test("the server refuses and takes the same", async () => {
      for (const each of REFUSED) {
        const errno = codeOf(each);
        if (errno !== null) await expect(query(db.url, each[0]), each[0]).rejects.toMatchObject({ errno });
      }
      for (const sql of TAKEN) await query(db.url, sql);
      for (const sql of [...OWNERS, ...finding]) await query(db.url, sql);
      await expect(query(db.url, "ALTER TABLE ex ADD KEY UX (id)")).rejects.toMatchObject({ errno: 1061 });
      await query(db.url, "DROP INDEX ux ON ex");
      for (const [sql, errno] of [...triggers, ...stored.map((each) => [each[0], codeOf(each)] as const)]) {
        if (errno === null) await query(db.url, sql);
        else await expect(query(db.url, sql), sql).rejects.toMatchObject({ errno });
      }
    });
  });
});
