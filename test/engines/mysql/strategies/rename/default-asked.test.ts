import { beforeAll, expect, it } from "vitest";
import type { Session } from "../../../../../src/engines/engine.js";
import type { Step } from "../../../../../src/model/step.js";
import { describeDialects } from "../../support/database.js";
import { fileOf } from "../../support/outfile.js";
import { carryOut, planOn, tableText, takeBack } from "../../support/plan.js";

/** Defaults that both sides can have, and a value that is another. */
const DEFAULTS = [
  ["datetime NOT NULL DEFAULT CURRENT_TIMESTAMP", "'2020-02-02'"],
  ["timestamp(6) NULL DEFAULT CURRENT_TIMESTAMP(6)", "'2020-02-02'"],
  ["date DEFAULT (curdate() + interval 1 day)", "'2020-02-02'"],
  ["char(20) NOT NULL DEFAULT (lower(concat('It''s', ' \\\\ ')))", "'x'"],
] as const;
/** MariaDB's JSON is text, which LOAD DATA leaves no default there. */
const DOCUMENT = ["json NOT NULL DEFAULT (json_object('b', 1, 'a', 2))", "'[1]'"] as const;

/** What code may do with a column called `%`; row 1 is there. */
const WRITES = [
  "UPDATE $ SET % = DEFAULT WHERE id = 1",
  "INSERT INTO $ (id, %) VALUES (1, @v) ON DUPLICATE KEY UPDATE % = DEFAULT",
  "INSERT INTO $ (id) VALUES (5)",
  "INSERT INTO $ (id, %) VALUES (5, DEFAULT), (6, @v)",
  "INSERT INTO $ (id, %) SELECT 5, @v",
  "REPLACE INTO $ (id) VALUES (1)",
  "UPDATE $ SET % = @v WHERE id = 1",
  "LOAD DATA INFILE # INTO TABLE $ (id, k) SET % = @v",
  "LOAD DATA INFILE # INTO TABLE $ (id, k)",
];

/** What a statement that writes the first of these columns did: refused, or what each holds by id. The moment stands still. */
async function outcome(session: Session, sql: string, table: string, columns: readonly string[], value: string) {
  const text = sql
    .replaceAll("$", table)
    .replaceAll("%", columns[0] ?? "")
    .replaceAll("@v", value);
  await session.query("SET timestamp = 1700000000.123456");
  await session.query("START TRANSACTION");
  try {
    await session.query(text);
    const held = columns.map((c) => `CONCAT(id, ' ', COALESCE(HEX(${c}), 'NULL')) AS ${c}`).join(", ");
    const rows = await session.query<Record<string, string>>(`SELECT ${held} FROM ${table} ORDER BY id`);
    return columns.map((c) => rows.map((row) => row[c]));
  } catch (error) {
    return columns.map(() => `refused: ${String(error).replace(/'(?:n|e)'/, "")}`);
  } finally {
    await session.query("ROLLBACK");
  }
}

const expand = (steps: readonly Step[]) => steps.filter((s) => s.phase !== "contract");
const swap = (steps: readonly Step[]) => steps.filter((s) => s.stage === "swap");

describeDialects("default_asked", (bench) => {
  let file = "";
  beforeAll(async () => {
    file = await fileOf(bench, "rows", "SELECT 5, 1 UNION ALL SELECT 6, 1");
  });

  const here = bench.dialect === "mysql" ? [...DEFAULTS, DOCUMENT] : DEFAULTS;
  it.each(here)("gives DEFAULT under the new name, as a table without us does: %s", async (definition, value) => {
    const session = await bench.another();
    for (const name of ["t", "plain"])
      await bench.sql(
        `DROP TABLE IF EXISTS ${name}`,
        `CREATE TABLE ${name} (id int PRIMARY KEY, e ${definition}, k int)`,
        `INSERT INTO ${name} VALUES (1, ${value}, 0)`,
      );
    const original = await tableText(bench, "t");
    const { steps } = await planOn(bench, "ALTER TABLE t RENAME COLUMN e TO n");
    const compare = async (stage: string, names: readonly string[], writes: readonly string[] = WRITES) => {
      for (const write of writes.map((w) => w.replace("#", file))) {
        const [wanted] = await outcome(session, write, "plain", ["e"], value);
        for (const name of names) {
          const both = [name, ...names.filter((other) => other !== name)];
          expect(await outcome(session, write, "t", both, value), `${stage} ${name} ${write}`).toEqual(
            names.map(() => wanted),
          );
        }
      }
    };
    const whole = expand(steps);
    const at = whole.findIndex((step) => step.id === "1-set-default");
    await carryOut(bench, whole.slice(0, at));
    await bench.sql("UPDATE t SET k = 1");
    await compare("triggers", ["e", "n"], WRITES.slice(2, 6));
    await carryOut(bench, whole.slice(at));
    await compare("backfilled", ["e", "n"]);
    await carryOut(bench, swap(steps).slice(0, 1));
    await compare("exchanged", ["e", "n"], [...WRITES.slice(0, 4), ...WRITES.slice(-1)]);
    await carryOut(bench, swap(steps).slice(1));
    await compare("swapped", ["n"], [...WRITES.slice(0, 2), ...WRITES.slice(-2)]);
    await takeBack(bench, [...expand(steps), ...swap(steps)]);
    expect(await tableText(bench, "t")).toBe(original);
  });

  it("knows a moment that it was given also late in a statement that runs long", async () => {
    await bench.sql(
      "CREATE TABLE moments (id int PRIMARY KEY, e datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), k int)",
    );
    const { steps } = await planOn(bench, "ALTER TABLE moments RENAME COLUMN e TO n");
    await carryOut(bench, expand(steps));
    const slow = (from: number) =>
      `SELECT ${from}, '2020-01-01' FROM DUAL WHERE SLEEP(0.05) = 0 UNION ALL SELECT ${from + 1}, '2020-01-01' FROM DUAL WHERE SLEEP(0.05) = 0`;
    for (const [i, name] of ["e", "n"].entries())
      await bench.sql(
        `INSERT INTO moments (id, ${name}) ${slow(10 * i)}`,
        `INSERT INTO moments (id) VALUES (${10 * i + 5})`,
      );
    expect(await bench.session().query("SELECT id FROM moments WHERE NOT (e <=> n)")).toEqual([]);
    const [row] = await bench.session().query("SELECT COUNT(*) AS n FROM moments WHERE e = '2020-01-01'");
    expect(row).toEqual({ n: "4" });
  });

  it("says what DEFAULT is where the new column cannot have it, and does that", async () => {
    const said = async (definition: string, value: string) => {
      await bench.sql(
        "DROP TABLE IF EXISTS u",
        `CREATE TABLE u (id int PRIMARY KEY, e ${definition})`,
        `INSERT INTO u VALUES (1, ${value})`,
      );
      const { steps, notes } = await planOn(bench, "ALTER TABLE u RENAME COLUMN e TO n");
      await carryOut(bench, expand(steps));
      const session = await bench.another();
      const [held] = await outcome(session, "UPDATE u SET n = DEFAULT", "u", ["n", "e"], value);
      return {
        held: String(held),
        note: notes
          .find((n) => n.includes("DEFAULT to n"))
          ?.split(", ")
          .at(-1),
      };
    };
    const fails = "the statement fails (error 1048): let it write the value itself until then.";
    const mariadb = bench.dialect === "mariadb";
    const uuid = await said("char(36) NOT NULL DEFAULT (uuid())", "'x'");
    if (mariadb) expect(uuid).toEqual({ held: expect.stringContaining("cannot be null"), note: fails });
    else expect(uuid).toEqual({ held: expect.stringMatching(/^1 \w{72}$/), note: undefined });
    const empty = await said("char(36) DEFAULT (uuid())", "'x'");
    expect(empty).toEqual({ held: "1 NULL", note: "both become NULL: let it write the value itself until then." });
    const bytes = await said("varbinary(4) NOT NULL DEFAULT 'ab'", "'x'");
    if (mariadb) expect(bytes).toEqual({ held: expect.stringContaining("cannot be null"), note: fails });
    else expect(bytes).toEqual({ held: "1 ", note: "both become '': let it write the value itself until then." });
  });
});
