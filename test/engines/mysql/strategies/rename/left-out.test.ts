import { expect, it } from "vitest";
import type { Step } from "../../../../../src/model/step.js";
import { type Bench, describeDialects } from "../../support/database.js";
import { carryOut, planOn, tableText, takeBack } from "../../support/plan.js";

const beforeSwap = (steps: readonly Step[]) => steps.filter((s) => s.phase !== "contract");
const swap = (steps: readonly Step[]) => steps.filter((s) => s.stage === "swap");

/** NOT NULL columns without a default, and two values that they hold. */
const TYPES: readonly (readonly [type: string, first: string, second: string])[] = [
  ["varchar(40)", "'v'", "'w'"],
  ["enum('p','q')", "'p'", "'q'"],
  ["int unsigned", "7", "0"],
  ["date", "'2020-02-02'", "'2021-01-01'"],
  ["timestamp(3)", "'2020-02-02 10:00:00'", "'2021-01-01 00:00:00'"],
  ["binary(3)", "'abc'", "'\\0\\0\\0'"],
  ["longtext", "'v'", "''"],
  ["bit(3)", "b'101'", "b'0'"],
];

/** Every way of an INSERT that leaves the other name out; `%` is the name that it writes. */
const WRITES = [
  "INSERT INTO $ (id, %) SELECT id + 100, v FROM source",
  "INSERT INTO $ (id, %) SELECT id, v FROM source ON DUPLICATE KEY UPDATE % = VALUES(%)",
  "INSERT INTO $ (id, %) SELECT 300, v FROM source WHERE id = 1 UNION ALL SELECT 301, v FROM source WHERE id = 2",
  "REPLACE INTO $ (id, %) SELECT id + 400, v FROM source",
  "INSERT IGNORE INTO $ (id, %) SELECT id + 500, v FROM source",
  "INSERT INTO $ (id, %) VALUES (600, (SELECT v FROM source WHERE id = 1)), (601, (SELECT v FROM source WHERE id = 2))",
] as const;

/** What a session without strict mode, and one with it, makes of a statement: refused, or done. */
async function tried(bench: Bench, mode: string, sql: string): Promise<"done" | "refused"> {
  const session = await bench.database().open();
  try {
    await session.query(`SET SESSION sql_mode = '${mode}'`);
    return await session.query(sql).then(
      () => "done" as const,
      () => "refused" as const,
    );
  } finally {
    await session.close();
  }
}

const apart = (bench: Bench, table: string, a: string, b: string) =>
  bench.session().query(`SELECT id, ${a}, ${b} FROM ${table} WHERE NOT (${a} <=> ${b})`);

async function begin(bench: Bench, table: string, [type, first, second]: (typeof TYPES)[number]) {
  await bench.sql(
    "DROP TABLE IF EXISTS source",
    `CREATE TABLE source (id int PRIMARY KEY, v ${type} NOT NULL)`,
    `INSERT INTO source VALUES (1, ${first}), (2, ${second})`,
    `CREATE TABLE ${table} (id int PRIMARY KEY, a ${type} NOT NULL, k int)`,
    `INSERT INTO ${table} (id, a) VALUES (1, ${first})`,
  );
  return planOn(bench, `ALTER TABLE ${table} RENAME COLUMN a TO n`);
}

describeDialects("left_out", (bench) => {
  const mariadb = bench.dialect === "mariadb";

  for (const [n, type] of TYPES.entries())
    it(`lets code of either name write by INSERT ... SELECT, and keeps both sides equal: ${type[0]}`, async () => {
      const table = `t${n}`;
      const { steps } = await begin(bench, table, type);
      const original = await tableText(bench, table);
      await carryOut(bench, beforeSwap(steps));
      for (const mode of ["STRICT_TRANS_TABLES", ""])
        for (const own of ["a", "n"])
          for (const write of WRITES) {
            const sql = write.replaceAll("$", table).replaceAll("%", own);
            expect(await tried(bench, mode, sql), `${mode} ${sql}`).toBe("done");
            expect(await apart(bench, table, "a", "n"), `${mode} ${sql}`).toEqual([]);
            await bench.sql(`DELETE FROM ${table} WHERE id > 2`);
          }
      await carryOut(bench, swap(steps));
      for (const write of WRITES) {
        const sql = write.replaceAll("$", table).replaceAll("%", "n");
        expect(await tried(bench, "STRICT_TRANS_TABLES", sql), sql).toBe("done");
      }
      await takeBack(
        bench,
        steps.filter((s) => s.stage !== "drop"),
      );
      expect(await tableText(bench, table)).toBe(original);
      await carryOut(bench, steps);
      await bench.sql(
        "DROP TABLE IF EXISTS plain",
        `CREATE TABLE plain (id int PRIMARY KEY, n ${type[0]} NOT NULL, k int)`,
      );
      expect((await tableText(bench, table)).replace(table, "plain")).toBe(await tableText(bench, "plain"));
    }, 60_000);

  it("lets old code leave out an ENUM, which has its first member as a default, as the server does", async () => {
    const { steps, notes } = await begin(bench, "e", ["enum('new','done')", "'done'", "'new'"]);
    await carryOut(bench, beforeSwap(steps));
    const writes = [
      "INSERT INTO e (id) VALUES (2)",
      "INSERT INTO e (id) VALUES (1) ON DUPLICATE KEY UPDATE k = 9",
      "INSERT INTO e (id, a) VALUES (3, DEFAULT)",
      "INSERT INTO e (id) SELECT 4",
      "REPLACE INTO e (id) VALUES (4)",
    ];
    for (const mode of ["STRICT_TRANS_TABLES", ""]) {
      for (const sql of writes) expect(await tried(bench, mode, sql), `${mode} ${sql}`).toBe("done");
      expect((await bench.session().query("SELECT a, n, k FROM e ORDER BY id")).map((r) => Object.values(r))).toEqual([
        ["done", "done", 9],
        ...[2, 3, 4].map(() => ["new", "new", null]),
      ]);
      await bench.sql("DELETE FROM e WHERE id > 1");
    }
    expect(notes.some((note) => note.includes("error 1364"))).toBe(false);
  });

  it("says so where an INSERT that leaves the column out altogether is not refused until the swap", async () => {
    const { steps, notes } = await begin(bench, "told", ["varchar(5)", "'v'", "'w'"]);
    expect(notes.some((note) => note.includes("error 1364"))).toBe(mariadb);
    await carryOut(bench, beforeSwap(steps));
    const omit = (id: number) => tried(bench, "STRICT_TRANS_TABLES", `INSERT INTO told (id) VALUES (${id})`);
    expect(await omit(2)).toBe(mariadb ? "done" : "refused");
    expect(await apart(bench, "told", "a", "n")).toEqual([]);
    await carryOut(bench, swap(steps));
    expect(await omit(3)).toBe("refused");
  });
});
