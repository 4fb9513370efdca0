import { describe, expect, test } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { judged } from "./judged.js";

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
