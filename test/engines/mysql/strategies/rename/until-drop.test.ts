import { expect, it } from "vitest";
import type { Session } from "../../../../../src/engines/engine.js";
import type { Step } from "../../../../../src/model/step.js";
import { describeDialects } from "../../support/database.js";
import { planFile } from "../../support/file.js";
import { fileOf } from "../../support/outfile.js";
import { carryOut, planOn, tableText, takeBack } from "../../support/plan.js";

const STRICT = "STRICT_TRANS_TABLES";
const TRADITIONAL = "TRADITIONAL";

const beforeSwap = (steps: readonly Step[]) => steps.filter((s) => s.phase !== "contract");
const swap = (steps: readonly Step[]) => steps.filter((s) => s.stage === "swap");
const atDrop = (steps: readonly Step[]) => steps.filter((s) => s.stage === "drop");
const beforeDrop = (steps: readonly Step[]) => steps.filter((s) => s.stage !== "drop");

/** NOT NULL columns without a default, and a value of each. */
const TYPES = [
  ["varchar(9)", "'v'"],
  ["enum('p','q')", "'q'"],
  ["date", "'2020-02-02'"],
  ["timestamp(3)", "'2020-02-02 10:00:00.5'"],
  ["binary(4)", "x'00ff'"],
] as const;

/** What leaves the column out, or makes it what the server would: `%` is its name. Where it fails, it fails on both. */
const WRITES = [
  ["", "INSERT INTO $ (id) VALUES (10)"],
  ["", "INSERT INTO $ (id) SELECT 10"],
  ["", "INSERT INTO $ (id, %) VALUES (10, DEFAULT)"],
  [STRICT, "INSERT IGNORE INTO $ (id) VALUES (10)"],
  [TRADITIONAL, "INSERT IGNORE INTO $ (id) VALUES (10)"],
  [STRICT, "INSERT INTO $ (id) VALUES (10) ON DUPLICATE KEY UPDATE % = %"],
  [TRADITIONAL, "INSERT INTO $ (id, %) SELECT 10, @v"],
  [TRADITIONAL, "REPLACE INTO $ (id, %) SELECT 1, @v"],
  [STRICT, "LOAD DATA INFILE # INTO TABLE $ (id, k)"],
  [STRICT, "LOAD DATA INFILE # INTO TABLE $ (id, k) SET % = @v"],
  ["", "LOAD DATA INFILE # INTO TABLE $ (id, k) SET % = @v"],
] as const;

/** A row that LOAD DATA brings in. */
const ROW = "SELECT 10, 1";

interface Tried {
  readonly session: Session;
  readonly file: string;
  readonly value: string;
}

type Write = (typeof WRITES)[number];

/** What a statement that writes the first of these columns did to a table: refused, or what each holds by id. */
async function outcome({ session, file, value }: Tried, write: Write, table: string, columns: readonly string[]) {
  const [mode, text] = write;
  const sql = text
    .replaceAll("#", file)
    .replaceAll("$", table)
    .replaceAll("%", columns[0] ?? "")
    .replaceAll("@v", value);
  await session.query(`SET SESSION sql_mode = '${mode}'`);
  await session.query("START TRANSACTION");
  try {
    await session.query(sql);
    const held = columns.map((c) => `CONCAT(id, ' ', HEX(${c})) AS ${c}`).join(", ");
    const rows = await session.query<Record<string, string>>(`SELECT ${held} FROM ${table} ORDER BY id`);
    return columns.map((c) => rows.map((row) => row[c]));
  } catch {
    return columns.map(() => "refused");
  } finally {
    await session.query("ROLLBACK");
  }
}

describeDialects("until_drop", (bench) => {
  const mariadb = bench.dialect === "mariadb";

  it("treats a NOT NULL column that is left out as a table without us does, until the drop", async () => {
    const [file, session] = [await fileOf(bench, "types", ROW), await bench.another()];
    for (const [n, [type, value]] of TYPES.entries()) {
      const [table, plain] = [`t${n}`, `plain${n}`];
      const create = (name: string) => `CREATE TABLE ${name} (id int PRIMARY KEY, a ${type} NOT NULL, k int)`;
      await bench.sql(create(table), create(plain));
      for (const name of [table, plain]) await bench.sql(`INSERT INTO ${name} VALUES (1, ${value}, 0)`);
      const original = await tableText(bench, table);
      const { steps } = await planOn(bench, `ALTER TABLE ${table} RENAME COLUMN a TO n`);
      const tried = { session, file, value };
      const compare = async (stage: string, names: readonly string[], writes: readonly Write[] = WRITES) => {
        for (const write of writes) {
          const [wanted] = await outcome(tried, write, plain, ["a"]);
          for (const name of names) {
            const both = [name, ...names.filter((n) => n !== name)];
            const said = `${type} ${stage} ${name} ${write.join(": ")}`;
            expect(await outcome(tried, write, table, both), said).toEqual(names.map(() => wanted));
          }
        }
      };
      await carryOut(bench, beforeSwap(steps));
      await compare("backfilled", ["a", "n"]);
      await carryOut(bench, swap(steps).slice(0, 1));
      await compare("exchanged", ["a", "n"], WRITES.slice(-2));
      await carryOut(bench, swap(steps).slice(1));
      await compare("swapped", ["n"]);
      if (type === "date") {
        await takeBack(bench, beforeDrop(steps));
        expect(await tableText(bench, table)).toBe(original);
        await carryOut(bench, beforeDrop(steps));
      }
      await carryOut(bench, atDrop(steps));
      expect(await tableText(bench, table)).toBe(original.replaceAll("`a`", "`n`"));
      await compare("dropped", ["n"]);
    }
  }, 120_000);

  it("refuses NULL under either name of what holds bytes, from a strict session", async () => {
    for (const [n, type] of ["varbinary(9)", "binary(4)"].entries()) {
      await bench.sql(`CREATE TABLE b${n} (id int PRIMARY KEY, a ${type} NOT NULL)`);
      const { steps } = await planOn(bench, `ALTER TABLE b${n} RENAME COLUMN a TO n`);
      await carryOut(bench, beforeSwap(steps));
      for (const name of mariadb ? ["a", "n"] : ["a"])
        await expect(bench.sql(`INSERT INTO b${n} (id, ${name}) VALUES (1, NULL)`), type).rejects.toThrow(/null/i);
    }
  });

  it("leaves a default that somebody has set after the swap", async () => {
    await bench.sql("CREATE TABLE since (id int PRIMARY KEY, a varchar(5) NOT NULL)");
    const { steps } = await planOn(bench, "ALTER TABLE since RENAME COLUMN a TO n");
    await carryOut(bench, beforeDrop(steps));
    await bench.sql("ALTER TABLE since ALTER COLUMN n SET DEFAULT 'own'");
    await carryOut(bench, atDrop(steps));
    expect(await tableText(bench, "since")).toContain("DEFAULT 'own'");
  });

  it("takes back what it has lent where somebody has dropped the parked column, with its triggers or without", async () => {
    // MySQL is lent nothing.
    const types = mariadb ? ["varchar(5)", "int(5) zerofill", "binary(2)", "bit(2)", "datetime(2)"] : [];
    for (const [n, type] of types.entries()) {
      const table = `by_hand_${n}`;
      await bench.sql(`CREATE TABLE ${table} (id int PRIMARY KEY, a ${type} NOT NULL)`);
      const original = await tableText(bench, table);
      const { steps } = await planOn(bench, `ALTER TABLE ${table} RENAME COLUMN a TO n`);
      await carryOut(bench, beforeDrop(steps));
      const triggers = await bench.session().query(`SHOW TRIGGERS LIKE '${table}'`);
      if (n % 2 === 0) for (const t of triggers) await bench.sql(`DROP TRIGGER \`${String(t.Trigger)}\``);
      const parked = /`(zmigrate_dropped_[^`]+)`/.exec(await tableText(bench, table))?.[1];
      await bench.sql(`ALTER TABLE ${table} DROP COLUMN ${parked}`);
      await carryOut(bench, atDrop(steps));
      expect(await tableText(bench, table), type).toBe(original.replace("`a`", "`n`"));
    }
  }, 60_000);

  it("computes the old side of a split from what LOAD DATA or an INSERT writes to the new one", async () => {
    const file = await fileOf(bench, "split", ROW);
    await bench.sql("CREATE TABLE code (id int PRIMARY KEY, bits binary(2) NOT NULL, day date NOT NULL, k int)");
    const { steps } = await planFile(
      bench,
      `-- zmigrate:up HEX(bits)
ALTER TABLE code ADD COLUMN text varchar(4);
-- zmigrate:up DAYOFYEAR(day)
ALTER TABLE code ADD COLUMN nth int;
-- zmigrate:down UNHEX(text)
ALTER TABLE code DROP COLUMN bits;
-- zmigrate:down MAKEDATE(2000, nth)
ALTER TABLE code DROP COLUMN day;`,
    );
    await carryOut(bench, beforeSwap(steps));
    await bench.sql(
      "INSERT INTO code (id, text, nth) VALUES (1, 'FF01', 7)",
      "INSERT INTO code (id, text, nth) SELECT 2, 'FF01', 7",
      `LOAD DATA INFILE ${file} INTO TABLE code (id, k) SET text = 'FF01', nth = 7`,
    );
    const rows = await bench.session().query("SELECT HEX(bits) AS bits, day FROM code");
    expect(rows.map((row) => ({ ...row }))).toEqual([1, 2, 10].map(() => ({ bits: "FF01", day: "2000-01-07" })));
  });

  it("says of a spatial column what fails until the swap", async () => {
    await bench.sql("CREATE TABLE shape (id int PRIMARY KEY, a point NOT NULL, k int)");
    const { steps, notes } = await planOn(bench, "ALTER TABLE shape RENAME COLUMN a TO n");
    expect(notes.filter((note) => note.includes("error 1364"))).toHaveLength(1);
    await carryOut(bench, beforeSwap(steps));
    await bench.sql("INSERT INTO shape (id, n) VALUES (1, POINT(1, 2))");
    const select = bench.sql("INSERT INTO shape (id, n) SELECT 2, POINT(1, 2)");
    if (mariadb) await expect(select).rejects.toThrow(/default value/);
    else await select;
    expect(await bench.session().query("SELECT id FROM shape WHERE NOT (a <=> n)")).toEqual([]);
  });

  it("refuses no INSERT of new code between the end of a split's triggers and the drop of a date", async () => {
    await bench.sql("CREATE TABLE born (id int PRIMARY KEY, day date NOT NULL)", "INSERT INTO born VALUES (1, now())");
    const { steps } = await planFile(
      bench,
      `-- zmigrate:up DAYOFYEAR(day)
ALTER TABLE born ADD COLUMN nth int;
-- zmigrate:down MAKEDATE(2000, nth)
ALTER TABLE born DROP COLUMN day;`,
    );
    const session = await bench.another();
    const write = (id: number) => session.query(`INSERT INTO born (id, nth) VALUES (${id}, 7)`);
    await carryOut(bench, beforeDrop(steps));
    for (const [n, step] of atDrop(steps).entries()) {
      await session.query(`SET SESSION sql_mode = '${TRADITIONAL}'`);
      await write(10 + n);
      await carryOut(bench, [step]);
      await write(20 + n);
    }
  });
});
