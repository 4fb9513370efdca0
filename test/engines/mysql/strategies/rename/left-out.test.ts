import { expect, it } from "vitest";
import type { Session } from "../../../../../src/engines/engine.js";
import type { Step } from "../../../../../src/model/step.js";
import { type Bench, describeDialects } from "../../support/database.js";
import { planFile } from "../../support/file.js";
import { carryOut, planOn, tableText, takeBack } from "../../support/plan.js";

const beforeSwap = (steps: readonly Step[]) => steps.filter((s) => s.phase !== "contract");
const swap = (steps: readonly Step[]) => steps.filter((s) => s.stage === "swap");

/** NOT NULL columns without a default, and two values that they hold. */
const TYPES: readonly (readonly [type: string, first: string, second: string])[] = [
  ["varchar(40)", "'v'", "'w'"],
  ["enum('p','q')", "'p'", "'q'"],
  ["int unsigned", "7", "0"],
  ["timestamp(3)", "'2020-02-02 10:00:00'", "'2021-01-01 00:00:00'"],
  ["binary(3)", "'abc'", "'\\0\\0\\0'"],
];

/** Every way of an INSERT that leaves the other name out; `%` is the name that it writes. */
const WRITES = [
  "INSERT INTO $ (id, %) SELECT id + 100, v FROM source",
  "INSERT INTO $ (id, %) SELECT id, v FROM source ON DUPLICATE KEY UPDATE % = VALUES(%)",
  "REPLACE INTO $ (id, %) SELECT id + 400, v FROM source",
  "INSERT INTO $ (id, %) VALUES (600, (SELECT v FROM source WHERE id = 1)), (601, (SELECT v FROM source WHERE id = 2))",
] as const;

const sessions = new WeakMap<Bench, Promise<Session>>();

/** What a session without strict mode, or one with it, makes of a statement: refused, or done. */
async function tried(bench: Bench, mode: string, sql: string): Promise<"done" | "refused"> {
  const opened = sessions.get(bench) ?? bench.another();
  sessions.set(bench, opened);
  const session = await opened;
  await session.query(`SET SESSION sql_mode = '${mode}'`);
  return session.query(sql).then(
    () => "done" as const,
    () => "refused" as const,
  );
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

  it("says so where an INSERT that leaves the column out altogether is not refused until the drop", async () => {
    const { steps, notes } = await begin(bench, "told", ["varchar(5)", "'v'", "'w'"]);
    expect(notes.some((note) => note.includes("error 1364"))).toBe(mariadb);
    await carryOut(bench, beforeSwap(steps));
    const omit = (id: number) => tried(bench, "STRICT_TRANS_TABLES", `INSERT INTO told (id) VALUES (${id})`);
    expect(await omit(2)).toBe(mariadb ? "done" : "refused");
    expect(await apart(bench, "told", "a", "n")).toEqual([]);
    await carryOut(bench, swap(steps));
    expect(await omit(3)).toBe(mariadb ? "done" : "refused");
    await carryOut(
      bench,
      steps.filter((s) => s.stage === "drop"),
    );
    expect(await omit(4)).toBe("refused");
  });

  it("lets code leave out another ENUM of the table, as long as triggers of ours are on it", async () => {
    await bench.sql(
      "CREATE TABLE beside (id int PRIMARY KEY, a int, st enum('new','it''s') NOT NULL, k int)",
      "INSERT INTO beside (id, a) VALUES (1, 1)",
    );
    const original = await tableText(bench, "beside");
    const { steps } = await planOn(bench, "ALTER TABLE beside RENAME COLUMN a TO n");
    const omitting = async (id: number) => {
      expect(await tried(bench, "STRICT_TRANS_TABLES", `INSERT INTO beside (id, k) VALUES (${id}, 1)`)).toBe("done");
      expect(await tried(bench, "STRICT_TRANS_TABLES", `REPLACE INTO beside (id) SELECT ${id}`)).toBe("done");
    };
    await carryOut(bench, beforeSwap(steps));
    await omitting(2);
    await carryOut(bench, swap(steps));
    await omitting(3);
    await takeBack(
      bench,
      steps.filter((s) => s.stage !== "drop"),
    );
    expect(await tableText(bench, "beside")).toBe(original);
    await carryOut(bench, steps);
    await omitting(4);
    expect(await tableText(bench, "beside")).toBe(original.replace("`a`", "`n`"));
  });

  it("keeps such a default while triggers of another change are on the table, or a default that was set since", async () => {
    const create = (name: string) =>
      `CREATE TABLE ${name} (id int PRIMARY KEY, a int, b int, st enum('x','y') NOT NULL)`;
    await bench.sql(create("twice"), create("set_since"));
    const first = await planOn(bench, "ALTER TABLE twice RENAME COLUMN a TO a2");
    const second = await planOn(bench, "ALTER TABLE twice RENAME COLUMN b TO b2");
    await carryOut(bench, [...beforeSwap(first.steps), ...beforeSwap(second.steps)]);
    await takeBack(bench, beforeSwap(second.steps));
    expect(await tried(bench, "", "INSERT INTO twice (id) VALUES (1)")).toBe("done");
    await takeBack(bench, beforeSwap(first.steps));
    expect((await tableText(bench, "twice")).replace("twice", "set_since")).toBe(await tableText(bench, "set_since"));
    const { steps } = await planOn(bench, "ALTER TABLE set_since RENAME COLUMN a TO a2");
    await carryOut(bench, beforeSwap(steps));
    await bench.sql("ALTER TABLE set_since ALTER COLUMN st SET DEFAULT 'y'");
    await takeBack(bench, beforeSwap(steps));
    expect(await tableText(bench, "set_since")).toContain("DEFAULT 'y'");
  });

  it("lets new code write the columns of a split by INSERT ... SELECT, before and after the swap", async () => {
    await bench.sql(
      "CREATE TABLE people (id int PRIMARY KEY, name varchar(40) NOT NULL)",
      "INSERT INTO people VALUES (1, 'a b'), (2, 'c d')",
    );
    const original = await tableText(bench, "people");
    const { steps } = await planFile(
      bench,
      `-- zmigrate:up SUBSTRING_INDEX(name, ' ', 1)
ALTER TABLE people ADD COLUMN f varchar(20);
-- zmigrate:up SUBSTRING_INDEX(name, ' ', -1)
ALTER TABLE people ADD COLUMN l varchar(20);
-- zmigrate:down CONCAT_WS(' ', f, l)
ALTER TABLE people DROP COLUMN name;`,
    );
    const write = async (id: number, mode: string) => {
      const sql = `INSERT INTO people (id, f, l) SELECT id + ${id}, 'x', 'y' FROM people WHERE id < 3`;
      expect(await tried(bench, mode, sql), sql).toBe("done");
    };
    await carryOut(bench, beforeSwap(steps));
    await write(10, "STRICT_TRANS_TABLES");
    await write(20, "");
    await carryOut(bench, swap(steps));
    await write(30, "STRICT_TRANS_TABLES");
    await write(40, "");
    await takeBack(
      bench,
      steps.filter((s) => s.stage !== "drop"),
    );
    expect(await tableText(bench, "people")).toBe(original);
    const rows = await bench.session().query("SELECT name FROM people WHERE id > 2");
    expect(rows).toEqual(Array.from({ length: 8 }, () => ({ name: "x y" })));
  });

  it("lets code write a column of which the type has changed by INSERT ... SELECT, after the swap", async () => {
    await bench.sql(
      "CREATE TABLE typed (id int PRIMARY KEY, v varchar(20) NOT NULL)",
      "INSERT INTO typed VALUES (1, '7')",
    );
    const original = await tableText(bench, "typed");
    const { steps } = await planFile(bench, "ALTER TABLE typed MODIFY v int NOT NULL;");
    await carryOut(bench, [...beforeSwap(steps), ...swap(steps)]);
    for (const mode of ["STRICT_TRANS_TABLES", ""])
      expect(await tried(bench, mode, `INSERT INTO typed (id, v) SELECT ${mode.length + 2}, 8`)).toBe("done");
    await takeBack(
      bench,
      steps.filter((s) => s.stage !== "drop"),
    );
    expect(await tableText(bench, "typed")).toBe(original);
    expect(await bench.session().query("SELECT v FROM typed WHERE id > 1")).toEqual([{ v: "8" }, { v: "8" }]);
  });
});
