import { expect, it } from "vitest";
import { type Bench, describeDialects } from "../support/database.js";
import { carryOut, planOn, tableText, takeBack } from "../support/plan.js";

const plan = (bench: Bench, table: string, column: string) =>
  planOn(bench, `ALTER TABLE ${table} ADD COLUMN ${column}`);

describeDialects("addcol", (bench) => {
  const accepted = [
    "c int",
    "c int DEFAULT 5 COMMENT 'x'",
    "c varchar(9) NOT NULL DEFAULT 'a'",
    "c int NOT NULL",
    "c varchar(9) NOT NULL",
    "c enum('x','y') NOT NULL",
    "c datetime DEFAULT CURRENT_TIMESTAMP",
    "c int AS (id + 1) VIRTUAL",
    "c int AFTER id",
    "c int FIRST",
  ];
  for (const [index, column] of accepted.entries())
    it(`adds ${column} without touching a row, and takes it back`, async () => {
      const [table, plain] = [`added${index}`, `addedplain${index}`];
      for (const name of [table, plain])
        await bench.sql(`CREATE TABLE ${name} (id int PRIMARY KEY, z int)`, `INSERT INTO ${name} VALUES (1, 1)`);
      const original = await tableText(bench, table);
      const { steps } = await plan(bench, table, column);
      const expand = steps.filter((s) => s.phase === "expand");
      await carryOut(bench, expand);
      await bench.sql(`INSERT INTO ${table} (id) VALUES (2)`);
      await takeBack(bench, expand);
      expect(await tableText(bench, table)).toBe(original);
      await carryOut(bench, steps);
      await bench.sql(`ALTER TABLE ${plain} ADD COLUMN ${column}`);
      expect((await tableText(bench, table)).replace(table, plain)).toBe(await tableText(bench, plain));
    });

  const refused = [
    "c int AS (z + 1) STORED",
    "c int UNIQUE",
    "c int REFERENCES added0 (id)",
    "c int CHECK (c > 0)",
    "c varchar(40) DEFAULT (uuid())",
    "c datetime NOT NULL",
    "c int AUTO_INCREMENT UNIQUE",
  ];
  for (const [index, column] of refused.entries())
    it(`refuses ${column}`, async () => {
      await bench.sql(`CREATE TABLE kept${index} (id int PRIMARY KEY, z int)`);
      await expect(plan(bench, `kept${index}`, column)).rejects.toMatchObject({ name: "Refusal" });
    });

  it("refuses a name that is taken, in any case", async () => {
    await bench.sql("CREATE TABLE taken (id int PRIMARY KEY)");
    await expect(plan(bench, "taken", "ID int")).rejects.toThrow(/already/);
  });
});
