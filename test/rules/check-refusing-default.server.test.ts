import { describe, expect, test } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { judged, rules } from "./judged.js";

type Case = readonly [column: string, condition: string];

/** What a row that leaves the column out does not meet. */
const REFUSED: readonly Case[] = [
  ["s varchar(9) NOT NULL DEFAULT ''", "s <> ''"],
  ["s varchar(9) DEFAULT 'new'", "s IN ('open', 'closed')"],
  ["n int NOT NULL DEFAULT 0", "n > 0"],
  ["n int DEFAULT -1", "n BETWEEN 0 AND 100"],
  ["n decimal(9,2) DEFAULT 0.5", "n >= 1"],
  ["s varchar(9) DEFAULT ''", "char_length(trim(s)) >= 1"],
  ["n int DEFAULT 0, m int", "n > 0 AND m > 0"],
];
const TAKEN: readonly Case[] = [
  ["s varchar(9) DEFAULT 'new'", "s IN ('new', 'closed')"],
  ["n int NOT NULL DEFAULT 0", "n >= 0"],
  ["n int DEFAULT NULL", "n > 0"],
  ["n int", "n > 0"],
  ["n int DEFAULT 0, m int DEFAULT 1", "n > 0 OR m > 0"],
  ["n decimal(9,0) DEFAULT 0.6", "n >= 1"],
];
const CODES = { postgres: "23514", mysql: 3819, mariadb: 4025 } as const;
const add = (condition: string) => `ALTER TABLE t ADD CONSTRAINT c CHECK (${condition});`;
const table = (column: string) => `CREATE TABLE t (id int PRIMARY KEY, ${column});`;

describe.each(["postgres", "mysql", "mariadb"] as const)("%s: a CHECK and the default of a column", (engine) => {
  const told = async (files: readonly string[]) =>
    (await judged(files, engine)).filter(({ rule }) => rule === "check-refusing-default").map(({ message }) => message);

  test.each(REFUSED)("%s is refused by %s", async (column, condition) => {
    expect((await told([table(column), add(condition)])).join()).toContain(
      `does not meet CHECK (${condition}): INSERTs of running code`,
    );
  });
  test.each(TAKEN)("%s is not by %s", async (column, condition) => {
    expect(await told([table(column), add(condition)])).toEqual([]);
  });
  test("a default that is set, and a column that is added with both", async () => {
    const checked = `${table("n int DEFAULT 1")} ${add("n > 0")}`;
    expect(await told([checked, "ALTER TABLE t ALTER COLUMN n SET DEFAULT 0;"])).toHaveLength(1);
    expect(await told([checked, "ALTER TABLE t ALTER COLUMN n SET DEFAULT 2;"])).toEqual([]);
    expect(await told([checked, "ALTER TABLE t ADD COLUMN m int DEFAULT 0 CHECK (m > 0);"])).toHaveLength(1);
    if (engine !== "postgres") expect(await told([checked, "ALTER TABLE t MODIFY n int DEFAULT 0;"])).toHaveLength(1);
  });
  test("another default in the same statement, or the next one, is what counts", async () => {
    const files = (...more: readonly string[]) => [table("n int DEFAULT 0"), more.join(" ")];
    expect(await told(files("ALTER TABLE t ADD CONSTRAINT c CHECK (n > 0), ALTER n SET DEFAULT 1;"))).toEqual([]);
    expect(await told(files("ALTER TABLE t ALTER n SET DEFAULT 1;", add("n > 0")))).toEqual([]);
    expect(await told(files(add("n > 0"), "ALTER TABLE t ALTER n DROP DEFAULT;"))).toEqual([]);
    expect(await told([`${table("n int DEFAULT 0")} ${add("n > 0")}`])).toEqual([]);
  });

  describeServer(engine, (server) => {
    test("does what is said of it", async () => {
      const db = await server.createDatabase("checks");
      for (const [column, condition] of [...REFUSED, ...TAKEN]) {
        for (const sql of [table(column), add(condition)]) await query(db.url, sql);
        const code = await query(db.url, "INSERT INTO t (id) VALUES (1)").then(
          () => null,
          (error: { code?: string; errno?: number }) => (engine === "postgres" ? error.code : error.errno),
        );
        const isRefused = REFUSED.some(([one, other]) => one === column && other === condition);
        expect([column, code]).toEqual([column, isRefused ? CODES[engine] : null]);
        await query(db.url, "DROP TABLE t");
      }
      await db.drop();
    });
  });
});

/** Columns whose default meets their CHECK, and others: MariaDB looks at no row before it is written again. */
const MET = [
  "a int NOT NULL DEFAULT 1 CHECK (a > 0)",
  "a longtext DEFAULT NULL CHECK (json_valid(a))",
  "a longtext NOT NULL DEFAULT '{}' CHECK (json_valid(a))",
  "a varchar(5) NOT NULL DEFAULT 'x' CHECK (a IN ('x', 'y'))",
  "a int CHECK (a > 0 OR a IS NULL)",
];
const NOT_MET = [
  "a int DEFAULT 0 CHECK (a > 0)",
  "a int NOT NULL CHECK (a > 0)",
  "a int CHECK (a IS NOT NULL)",
  "a int CHECK (a <=> 1)",
];

describe("MariaDB: a column that is added with a CHECK", () => {
  const rulesOf = (column: string) =>
    rules(["CREATE TABLE t (id int PRIMARY KEY);", `ALTER TABLE t ADD COLUMN ${column};`], "mariadb");
  test.each(MET)("which its default meets: %s", async (column) => expect(await rulesOf(column)).toBe(""));
  test.each(NOT_MET)("which its default does not meet: %s", async (column) =>
    expect(await rulesOf(column)).toContain("constraint-missing-not-valid"),
  );
  describeServer("mariadb", (server) => {
    test("does what is said of it", async () => {
      const db = await server.createDatabase("met");
      for (const column of [...MET, ...NOT_MET]) {
        for (const sql of ["CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)"]) await query(db.url, sql);
        await query(db.url, `ALTER TABLE t ADD COLUMN ${column}, ALGORITHM=INSTANT`);
        const code = await query(db.url, "UPDATE t SET id = 2").then(
          () => null,
          (error: { errno?: number }) => error.errno,
        );
        expect([column, code]).toEqual([column, MET.includes(column) ? null : 4025]);
        await query(db.url, "DROP TABLE t");
      }
      await db.drop();
    });
  });
});

/** Definitions anew of which the server asks no row, rows that it asks, and CHECKs that the rows have met all along. */
const UNASKED = [
  "MODIFY a int CHECK (a > 1)",
  "CHANGE a b int CHECK (b > 1)",
  "MODIFY a int CHECK (a > 1), ADD COLUMN n int",
  "MODIFY a int NOT NULL DEFAULT 0 CHECK (a > 1)",
  "MODIFY d longtext CHECK (json_valid(d))",
  "MODIFY j json CHECK (json_length(j) > 0)",
];
const ASKED = ["MODIFY a bigint CHECK (a > 1)", "MODIFY a int CHECK (a > 1), MODIFY k bigint CHECK (k > 0)"];
const MET_BEFORE = ["MODIFY k int COMMENT 'x' CHECK (`k`>0)", "CHANGE k l int CHECK (l > 0)"];

describe("MariaDB: a column that is defined anew with a CHECK", () => {
  const MADE = "CREATE TABLE t (id int PRIMARY KEY, a int, d longtext, j json, k int CHECK (k > 0));";
  const toldOf = async (change: string, phase = "") => {
    const said = await judged([MADE, `${phase}ALTER TABLE t ${change};`], "mariadb");
    return said.map(({ rule, severity, message }) => `${severity}[${rule}] ${message}`).join("\n");
  };
  test.each(UNASKED)("no row is looked at: %s", async (change) => {
    expect(await toldOf(change)).toMatch(/^error\[constraint-missing-not-valid\] MariaDB does not hold CHECK/m);
    expect(await toldOf(change, "-- zmigrate:phase contract\n")).toMatch(/^info\[constraint-missing-not-valid\]/m);
  });
  test.each(ASKED)("rows are copied, and looked at: %s", async (change) => {
    expect(await toldOf(change)).toMatch(/^error\[changing-column-type\] .*violates the CHECK \(4025\)/m);
    expect(await toldOf(change)).not.toContain("constraint-missing-not-valid");
  });
  test.each(MET_BEFORE)("it was there before: %s", async (change) => {
    expect(await toldOf(change)).not.toContain("CHECK");
  });
  test("of a column that the file adds, with a default that meets it", async () => {
    const files = (column: string) => [
      MADE,
      `ALTER TABLE t ADD n ${column}; ALTER TABLE t MODIFY n ${column} CHECK (n > 0);`,
    ];
    expect(await rules(files("int"), "mariadb")).toBe("");
    expect(await rules(files("int DEFAULT 0"), "mariadb")).toContain("constraint-missing-not-valid");
  });
  describeServer("mariadb", (server) => {
    test("does what is said of it", async () => {
      const db = await server.createDatabase("anew");
      const code = (sql: string) =>
        query(db.url, sql).then(
          () => null,
          (error: { errno?: number }) => error.errno,
        );
      for (const change of [...UNASKED, ...ASKED, ...MET_BEFORE]) {
        for (const sql of [MADE, "INSERT INTO t VALUES (1, 0, 'no', '[]', 1)"]) await query(db.url, sql);
        const altered = await code(`ALTER TABLE t ${change}`);
        expect([change, altered]).toEqual([change, ASKED.includes(change) ? 4025 : null]);
        expect([change, await code("UPDATE t SET id = 2")]).toEqual([change, UNASKED.includes(change) ? 4025 : null]);
        await query(db.url, "DROP TABLE t");
      }
      await db.drop();
    });
  });
});
