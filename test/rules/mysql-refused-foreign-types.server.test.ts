import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeServer, query, type TestDatabase } from "../servers/index.js";
import { judged } from "./judged.js";

const VERSION = { mysql: "9.7.0", mariadb: "10.11.0" } as const;
const many = (count: number) => Array.from({ length: count }, (_, at) => `'v${at}'`).join(", ");

/** Columns to point at, each with a unique key. */
const PARENT = {
  t: "tinyint unsigned",
  s: "smallint unsigned",
  m: "mediumint",
  i: "int",
  u: "int unsigned",
  b: "bigint",
  n: "decimal(10,2)",
  f: "float",
  d: "double",
  day: "date",
  at: "datetime",
  bin: "binary(16)",
  v: "varchar(20)",
  c: "char(36) CHARACTER SET ascii COLLATE ascii_bin",
} as const;
const COLUMNS = Object.entries(PARENT).map(([name, type]) => `${name} ${type} NOT NULL UNIQUE`);
const P = `CREATE TABLE p (${COLUMNS.join(", ")}) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci`;

/** A column's type, and what it points at. */
type Pair = readonly [type: string, target: keyof typeof PARENT];

const FIT: readonly Pair[] = [
  ["year", "t"],
  ["enum('a')", "t"],
  [`enum(${many(256)})`, "s"],
  [`set(${many(9)})`, "s"],
  [`set(${many(25)})`, "u"],
  ["int(7) unsigned zerofill", "u"],
  ["date", "m"],
  ["decimal(20,4) unsigned", "n"],
  ["timestamp(6) NULL", "n"],
  ["varbinary(200)", "n"],
  ["float(7,3) unsigned", "f"],
  ["real", "d"],
  ["time(3)", "at"],
  ["bit(8)", "bin"],
  ["varchar(9) CHARACTER SET binary", "bin"],
  ["char(200)", "v"],
  ["varchar(36) CHARACTER SET ascii COLLATE ascii_bin", "c"],
];
const MISFIT: readonly Pair[] = [
  ["tinyint", "t"],
  [`enum(${many(256)})`, "t"],
  ["smallint", "s"],
  ["int unsigned", "i"],
  ["bigint", "i"],
  ["varchar(20)", "i"],
  ["decimal(10,0)", "i"],
  ["int", "b"],
  ["bigint unsigned", "b"],
  ["double", "n"],
  ["double", "f"],
  ["datetime", "day"],
  ["date", "at"],
  ["varchar(36)", "bin"],
  ["binary(16)", "v"],
  ["varchar(20) CHARACTER SET latin1", "v"],
  ["varchar(20) COLLATE utf8mb4_bin", "v"],
  ["varchar(20) BINARY", "v"],
  ["char(36)", "c"],
  ["text", "v"],
];

const CHARSET = "DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci";
const child = ([type, target]: Pair) =>
  `CREATE TABLE child (id int PRIMARY KEY, a ${type}, FOREIGN KEY (a) REFERENCES p (${target})) ${CHARSET}`;
const code = ([type]: Pair) => (type === "text" ? 1170 : 3780);

const UNCHECKED = "SET foreign_key_checks = 0";

/** In other statements than CREATE TABLE with a key of the table. */
const FORMS: readonly [sql: string, mysql: number, mariadb: number][] = [
  ["ALTER TABLE u ADD FOREIGN KEY (w) REFERENCES p (i)", 3780, 1005],
  ["ALTER TABLE u ADD COLUMN z varchar(9), ADD FOREIGN KEY (z) REFERENCES p (i)", 3780, 1005],
  ["ALTER TABLE u ADD COLUMN z bigint REFERENCES p (i)", 3780, 1005],
  ["CREATE TABLE child (id int PRIMARY KEY, a bigint REFERENCES p (i))", 3780, 1005],
  ["CREATE TABLE child (id bigint PRIMARY KEY, up int, FOREIGN KEY (up) REFERENCES child (id))", 3780, 1005],
  [`${UNCHECKED}; ALTER TABLE u ADD FOREIGN KEY (w) REFERENCES p (i)`, 3780, 1825],
  [`${UNCHECKED}; CREATE TABLE child (a bigint, FOREIGN KEY (a) REFERENCES p (i))`, 3780, 1005],
];
const U = "CREATE TABLE u (id int PRIMARY KEY, w varchar(20))";

describe.each(["mysql", "mariadb"] as const)("%s: a foreign key", (engine) => {
  const own = engine === "mysql";
  const told = async (sql: string, version: string = VERSION[engine]) =>
    (await judged([`${P}; ${U};`, `${sql};`], engine, version))
      .filter(({ severity, rule }) => severity !== "info" && rule !== "unchecked-foreign-key")
      .map(({ rule, message }) => `${rule}: ${message}`);
  const refused = (number: number) => [
    expect.stringMatching(new RegExp(`^contradicting-history: .*\\(${number}\\)\\.$`)),
  ];

  test.each(FIT)("of %s to %s fits", async (...pair) => expect(await told(child(pair))).toEqual([]));
  test.each(MISFIT)("of %s to %s does not", async (...pair) => {
    expect(await told(child(pair))).toEqual(refused(own ? code(pair) : 1005));
  });
  test.each(FORMS)("%s is refused", async (sql, mysql, mariadb) => {
    expect(await told(sql)).toEqual(refused(own ? mysql : mariadb));
  });
  test("what no file tells of letters fits", async () => {
    const bare =
      "CREATE TABLE q (v varchar(9) PRIMARY KEY); CREATE TABLE child (v varchar(20), FOREIGN KEY (v) REFERENCES q (v))";
    expect(await told(bare)).toEqual([]);
    expect(await told(bare.replace("varchar(20)", "varchar(20) COLLATE utf8mb4_bin"))).toEqual([]);
  });
  test("that MySQL does not read is told as one that other servers refuse", async () => {
    const sql = "CREATE TABLE child (id int PRIMARY KEY, a varchar(9) REFERENCES p (i))";
    if (own) expect(await told(sql, "8.0.36")).toEqual([expect.stringMatching(/^foreign-key-type-mismatch: /)]);
  });

  describeServer(engine, (server) => {
    let db: TestDatabase;
    beforeAll(async () => {
      db = await server.createDatabase("refused_foreign_types");
      for (const sql of [P, U]) await query(db.url, sql);
    });
    afterAll(() => db?.drop());
    const run = (sql: string) =>
      query(db.url, sql).then(
        () => 0,
        (error: { readonly errno: number }) => error.errno,
      );

    test("says the same", async () => {
      for (const pair of FIT) {
        expect(await run(child(pair)), pair[0]).toBe(0);
        await query(db.url, "DROP TABLE child");
      }
      for (const pair of MISFIT) expect(await run(child(pair)), pair.join()).toBe(own ? code(pair) : 1005);
      for (const [sql, mysql, mariadb] of FORMS.filter(([each]) => !each.startsWith(UNCHECKED)))
        expect(await run(sql), sql).toBe(own ? mysql : mariadb);
      const session = await createConnection({ uri: db.url });
      await session.query(UNCHECKED);
      for (const [sql, mysql, mariadb] of FORMS.filter(([each]) => each.startsWith(UNCHECKED)))
        await expect(session.query(sql.slice(UNCHECKED.length + 2)), sql).rejects.toMatchObject({
          errno: own ? mysql : mariadb,
        });
      session.destroy();
    });
  });
});
