import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeServer, query, type TestDatabase } from "../servers/index.js";
import { judged } from "./judged.js";

const TABLES = [
  "CREATE TABLE p (id int PRIMARY KEY, a int NOT NULL, b int, x int, w varchar(30), KEY ab (a, b), KEY (x), KEY (w(5)))",
  "CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, c int, CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id), CONSTRAINT positive CHECK (c > 0))",
  "CREATE TABLE u (id int PRIMARY KEY, a int NOT NULL, c int)",
  "CREATE TABLE parts (id int PRIMARY KEY, a int) PARTITION BY HASH (id) PARTITIONS 2",
  "CREATE VIEW v AS SELECT id FROM p",
];
const BASE = `${TABLES.join(";\n")};`;
const VERSION = { mysql: "9.7.0", mariadb: "10.11.0" } as const;

const CHILD = (rest: string) => `CREATE TABLE child (id int PRIMARY KEY, a int NOT NULL, c int, ${rest})`;

/** With the numbers of MySQL and MariaDB; 0 where the server takes it. */
type Case = readonly [sql: string, mysql: number, mariadb: number];

const NAMES: readonly Case[] = [
  [CHILD("CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id)"), 1826, 1005],
  ["ALTER TABLE u ADD CONSTRAINT FK FOREIGN KEY (a) REFERENCES p (id)", 1826, 1005],
  ["ALTER TABLE t DROP FOREIGN KEY fk, ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id)", 1826, 1005],
  [CHILD("CONSTRAINT positive CHECK (a > 0)"), 3822, 0],
  ["ALTER TABLE u ADD CONSTRAINT Positive CHECK (a > 0)", 3822, 0],
  ["ALTER TABLE t ADD CONSTRAINT Positive CHECK (a > 0)", 3822, 1826],
  [CHILD("FOREIGN KEY fk (a) REFERENCES p (id)"), 0, 1005],
  ["ALTER TABLE t DROP CONSTRAINT positive, ADD CONSTRAINT positive CHECK (a > 1)", 0, 0],
  [CHILD("CONSTRAINT positive FOREIGN KEY (a) REFERENCES p (id)"), 0, 0],
];
/** Only MariaDB has these: IF NOT EXISTS looks at its own table. */
const UNLESS_THERE: readonly Case[] = [
  ["ALTER TABLE u ADD CONSTRAINT fk FOREIGN KEY IF NOT EXISTS (a) REFERENCES p (id)", 0, 1005],
  ["ALTER TABLE u ADD FOREIGN KEY IF NOT EXISTS fk (a) REFERENCES p (id)", 0, 1005],
  ["ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY IF NOT EXISTS (a) REFERENCES p (id)", 0, 0],
  ["ALTER TABLE u ADD FOREIGN KEY IF NOT EXISTS free (a) REFERENCES p (id)", 0, 0],
];
const SHAPES: readonly Case[] = [
  [CHILD("FOREIGN KEY (a) REFERENCES p (a)"), 6125, 0],
  [CHILD("FOREIGN KEY (a) REFERENCES p (b)"), 6125, 1005],
  [CHILD("FOREIGN KEY (c, a) REFERENCES p (b, a)"), 6125, 1005],
  [CHILD("FOREIGN KEY (c, a) REFERENCES p (x, id)"), 6125, 0],
  [CHILD("w varchar(30), FOREIGN KEY (w) REFERENCES p (w)"), 6125, 1005],
  [CHILD("FOREIGN KEY (c) REFERENCES t (a)"), 6125, 0],
  ["ALTER TABLE u ADD FOREIGN KEY (c) REFERENCES p (b)", 6125, 1005],
  ["ALTER TABLE u ADD FOREIGN KEY (c) REFERENCES p (nope)", 3734, 1005],
  ["ALTER TABLE u ADD FOREIGN KEY (nope) REFERENCES p (id)", 1072, 1072],
  ["ALTER TABLE u ADD FOREIGN KEY (c) REFERENCES v (id)", 1824, 1005],
  ["ALTER TABLE u ADD FOREIGN KEY (a, c) REFERENCES p (id)", 1239, 1239],
  ["ALTER TABLE u ADD FOREIGN KEY (a) REFERENCES p (id) ON DELETE SET NULL", 1830, 1005],
  [CHILD("FOREIGN KEY (a) REFERENCES p (id) ON UPDATE SET NULL"), 1830, 1005],
  ["ALTER TABLE parts ADD FOREIGN KEY (a) REFERENCES p (id)", 1506, 1506],
  ["ALTER TABLE u ADD FOREIGN KEY (zz) REFERENCES p (id), ADD COLUMN zz int", 0, 0],
  ["ALTER TABLE u ADD FOREIGN KEY (a) REFERENCES p (id) ON DELETE SET NULL, MODIFY a int", 0, 0],
];
const ALL = [...NAMES, ...SHAPES];

/** Integers of other types than their targets. */
const TYPES: readonly Case[] = [
  ["ALTER TABLE u ADD COLUMN z bigint, ADD FOREIGN KEY (z) REFERENCES p (id)", 3780, 1005],
  ["ALTER TABLE u ADD FOREIGN KEY (z) REFERENCES p (id), ADD COLUMN z int unsigned", 3780, 1005],
  ["ALTER TABLE s ADD FOREIGN KEY (a) REFERENCES p (id)", 3780, 1005],
  ["ALTER TABLE s MODIFY a int, ADD FOREIGN KEY (a) REFERENCES p (id)", 0, 0],
  ["ALTER TABLE s ADD COLUMN z integer(9), ADD FOREIGN KEY (z) REFERENCES p (id)", 0, 0],
  ["ALTER TABLE old ADD FOREIGN KEY (a) REFERENCES p (id)", 0, 0],
];
const TYPED = [
  "CREATE TABLE s (id int PRIMARY KEY, a smallint)",
  "CREATE TABLE old (id int PRIMARY KEY, a bigint) ENGINE=MyISAM",
];

describe.each(["mysql", "mariadb"] as const)("%s: foreign keys", (engine) => {
  const codeOf = ([, mysql, mariadb]: Case) => (engine === "mysql" ? mysql : mariadb);
  const told = async (files: readonly string[], version: string = VERSION[engine]) => {
    const said = await judged(files, engine, version);
    return said.find(({ rule }) => rule === "contradicting-history")?.message ?? "";
  };

  const own = engine === "mariadb" ? UNLESS_THERE : [];

  test.each([...ALL, ...own])("%s", async (...each) => {
    const code = codeOf(each);
    const said = await told([BASE, `${each[0]};`]);
    if (code === 0) expect(said).toBe("");
    else expect(said).toMatch(new RegExp(`\\(${code}\\)|is there already`));
  });

  test.each(TYPES)("%s", async (...each) => {
    const said = (await judged([`${BASE}${TYPED.join(";")};`, `${each[0]};`], engine, VERSION[engine])).map(
      ({ rule, message }) => `${rule}: ${message}`,
    );
    const code = codeOf(each);
    const outage = /^(?:constraint-missing-not-valid|blocking-table-access)/;
    if (code === 0) expect(said).toContainEqual(expect.stringMatching(outage));
    else expect(said).toEqual([expect.stringMatching(new RegExp(`^contradicting-history: .*\\(${code}\\)`))]);
  });

  test("a name is free again behind its constraint, and goes with its table", async () => {
    const add = (name = "fk") => `ALTER TABLE u ADD CONSTRAINT ${name} FOREIGN KEY (a) REFERENCES p (id);`;
    expect(await told([BASE, `ALTER TABLE t DROP FOREIGN KEY fk; ${add()}`])).toBe("");
    expect(await told([BASE, `DROP TABLE t; ${add()}`])).toBe("");
    expect(await told([BASE, `RENAME TABLE t TO t2; ${add()}`])).toContain("constraint `fk` of `t2`");
  });

  test("before 8.4 MySQL takes any index", async () => {
    if (engine === "mariadb") return;
    expect(await told([BASE, `${SHAPES[0]?.[0]};`], "8.0.36")).toBe("");
    expect(await told([BASE, `${SHAPES[1]?.[0]};`], "8.0.36")).toContain("(1822)");
  });

  describeServer(engine, (server) => {
    let db: TestDatabase;
    beforeAll(async () => {
      db = await server.createDatabase("refused_foreign_keys");
    });
    afterAll(() => db?.drop());

    test("the server refuses what is told, and takes the rest", async () => {
      for (const each of [...ALL, ...own, ...TYPES]) {
        for (const name of ["child", "u", "t", "parts", "s", "old", "p"])
          await query(db.url, `DROP TABLE IF EXISTS ${name}`);
        await query(db.url, "DROP VIEW IF EXISTS v");
        for (const sql of [...TABLES, ...TYPED]) await query(db.url, sql);
        const code = await query(db.url, each[0]).then(
          () => 0,
          (error: { readonly errno: number }) => error.errno,
        );
        expect(code, each[0]).toBe(codeOf(each));
      }
    });
  });
});
