import { expect, it } from "vitest";
import { type Bench, describeDialects } from "../support/database.js";
import { carryOut, planOn } from "../support/plan.js";

const MODES = { strict: "STRICT_TRANS_TABLES", lenient: "" } as const;

/** What code under one name of the column may write; `%` is that name. Row 1 is there. */
const WRITES = [
  "UPDATE $ SET % = NULL WHERE id = 1",
  "UPDATE $ SET n = 5, % = NULL WHERE id = 1",
  "UPDATE IGNORE $ SET % = NULL WHERE id = 1",
  "INSERT INTO $ (id, %) VALUES (2, NULL)",
  "INSERT INTO $ (id, %) VALUES (2, 'v'), (3, NULL)",
  "INSERT INTO $ (id, %) SELECT 2, NULL",
  "INSERT INTO $ (id, %) VALUES (1, 'v') ON DUPLICATE KEY UPDATE % = NULL",
  "INSERT IGNORE INTO $ (id, %) VALUES (2, NULL)",
  "REPLACE INTO $ (id, %) VALUES (1, NULL)",
] as const;

/** A table that keeps one name, for what happens without us. */
const PLAIN = "plain";

/** What a write did: whether it was refused, and the column's values by id. */
async function outcome(bench: Bench, mode: keyof typeof MODES, sql: string, table: string, columns: readonly string[]) {
  const session = await bench.database().open();
  try {
    await bench.sql(`DELETE FROM ${table}`, `INSERT INTO ${table} (id, ${columns[0]}) VALUES (1, 'x')`);
    await session.query(`SET SESSION sql_mode = '${MODES[mode]}'`);
    const refused = await session.query(sql).then(
      () => false,
      () => true,
    );
    const rows = await session.query<Record<string, string>>(
      `SELECT id, ${columns.map((c) => `QUOTE(${c}) AS ${c}`).join(", ")} FROM ${table} ORDER BY id`,
    );
    return columns.map((c) => ({ refused, rows: rows.map((row) => `${row.id}: ${row[c]}`) }));
  } finally {
    await session.close();
  }
}

/**
 * Where the new name differs from a table without us until the swap: on MySQL NULL becomes the implicit value where the
 * server would have refused the statement.
 */
function expected(mysql: boolean, called: "bare" | "given"): string[] {
  if (!mysql) return [];
  const [update, updateTwo, , insert, insertTwo, select, upsert, , replace] = WRITES;
  const lenient = [insert, replace];
  const strict =
    called === "bare" ? [update, updateTwo, upsert] : [update, updateTwo, insert, insertTwo, select, upsert, replace];
  return [
    ...[...lenient, upsert].map((write) => `lenient e2: ${write}`),
    ...strict.map((write) => `strict e2: ${write}`),
  ].toSorted();
}

async function compared(
  bench: Bench,
  mode: keyof typeof MODES,
  write: string,
  table: string,
  own: string,
  columns: readonly string[],
) {
  const sql = (name: string, column: string) => write.replaceAll("$", name).replaceAll("%", column);
  const [plain] = await outcome(bench, mode, sql(PLAIN, "e"), PLAIN, ["e"]);
  const sides = await outcome(bench, mode, sql(table, own), table, columns);
  return { plain, sides };
}

describeDialects("null_writes", (bench) => {
  const mysql = bench.dialect === "mysql";

  for (const [called, definition] of [
    ["bare", "varchar(10) NOT NULL"],
    ["given", "varchar(10) NOT NULL DEFAULT 'd'"],
  ] as const)
    it(`treats NULL as the server would, in either mode: ${definition}`, async () => {
      await bench.sql(
        `DROP TABLE IF EXISTS ${PLAIN}`,
        `CREATE TABLE ${PLAIN} (id int PRIMARY KEY, n int, e ${definition})`,
        `CREATE TABLE ${called} (id int PRIMARY KEY, n int, e ${definition})`,
      );
      const { steps, notes } = await planOn(bench, `ALTER TABLE ${called} RENAME COLUMN e TO e2`);
      await carryOut(
        bench,
        steps.filter((s) => s.phase !== "contract"),
      );
      const different: string[] = [];
      for (const mode of ["strict", "lenient"] as const)
        for (const own of ["e", "e2"])
          for (const write of WRITES) {
            const { plain, sides } = await compared(bench, mode, write, called, own, ["e", "e2"]);
            expect(sides[0], `${mode} ${own} ${write}`).toEqual(sides[1]);
            if (JSON.stringify(sides[0]) !== JSON.stringify(plain)) different.push(`${mode} ${own}: ${write}`);
          }
      expect(different.toSorted()).toEqual(expected(mysql, called));
      expect(notes.some((n) => n.includes("error 1048"))).toBe(mysql);

      const swap = steps.filter((s) => s.stage === "swap");
      await carryOut(bench, swap);
      for (const mode of ["strict", "lenient"] as const)
        for (const write of WRITES) {
          const { plain, sides } = await compared(bench, mode, write, called, "e2", ["e2"]);
          expect(sides[0], `${mode} after the swap: ${write}`).toEqual(plain);
        }
    }, 60_000);

  it("says nothing of NULL where the column may be NULL", async () => {
    await bench.sql("CREATE TABLE may (id int PRIMARY KEY, e varchar(10))");
    const { notes } = await planOn(bench, "ALTER TABLE may RENAME COLUMN e TO e2");
    expect(notes.some((n) => n.includes("error 1048"))).toBe(false);
  });
});
