import { expect, it } from "vitest";
import { type Bench, describeDialects } from "../support/database.js";
import { planFile } from "../support/file.js";
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
    "c int AS (z + 1) STORED COMMENT 'x'",
    "c int COMMENT 'UNIQUE' UNIQUE AFTER id",
    "c int REFERENCES added0 (id) ON DELETE CASCADE",
    "c int NOT NULL DEFAULT 3 CHECK (c > 0)",
    "c int NOT NULL CHECK (c >= 0)",
    "`unique` int UNIQUE KEY CHECK (`unique` > 0)",
    "c int NOT NULL AUTO_INCREMENT UNIQUE",
    "c varchar(9) DEFAULT _utf8mb4'x'",
    ...(bench.dialect === "mysql"
      ? ["c int CHECK (c > 0) NOT ENFORCED COMMENT 'x'"]
      : ["c int NOT NULL DEFAULT (1 + 2)", "c date DEFAULT (curdate())"]),
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
      expect((await tableText(bench, table)).replaceAll(table, plain)).toBe(await tableText(bench, plain));
    });

  const refused = [
    "c int DEFAULT 1 UNIQUE",
    "c int NOT NULL UNIQUE",
    "c varchar(40) DEFAULT (uuid())",
    "c datetime NOT NULL",
    "c int PRIMARY KEY",
    "c int AS (z + 1) STORED UNIQUE",
    "c int REFERENCES nowhere (id)",
  ];
  for (const [index, column] of refused.entries())
    it(`refuses ${column}`, async () => {
      await bench.sql(`CREATE TABLE kept${index} (id int PRIMARY KEY, z int)`);
      await expect(plan(bench, `kept${index}`, column)).rejects.toMatchObject({ name: "Refusal" });
    });

  it("gives rows and old code the fill while a column becomes NOT NULL, and takes that back", async () => {
    await bench.sql("CREATE TABLE filled (id int PRIMARY KEY, z int)", "INSERT INTO filled VALUES (1, 1), (2, NULL)");
    const original = await tableText(bench, "filled");
    const text = `-- zmigrate:fill COALESCE('2020-01-01' + INTERVAL z DAY, '2000-01-01')
ALTER TABLE filled ADD COLUMN c datetime NOT NULL COMMENT 'x' AFTER id;`;
    const { steps } = await planFile(bench, text);
    const [expand, rest] = [steps.filter((s) => s.phase === "expand"), steps.filter((s) => s.phase !== "expand")];
    await carryOut(bench, expand);
    await bench.sql("INSERT INTO filled (id, z) VALUES (3, 3)");
    await takeBack(bench, expand);
    expect(await tableText(bench, "filled")).toBe(original);
    await carryOut(bench, steps.slice(0, -2));
    await bench.sql("INSERT INTO filled (id, z) VALUES (4, 4)");
    const rows = await bench.session().query("SELECT DAY(c) AS day FROM filled ORDER BY id");
    expect(rows.map((r) => Number(r.day))).toEqual([2, 1, 4, 5]);
    await carryOut(bench, rest);
    expect(await tableText(bench, "filled")).toContain("`c` datetime NOT NULL COMMENT 'x',\n  `z`");
    await takeBack(bench, steps);
    expect(await tableText(bench, "filled")).toBe(original);
  });

  it("adds a column of a table of this release as it is written", async () => {
    const text =
      "CREATE TABLE fresh (id int PRIMARY KEY); ALTER TABLE fresh ADD COLUMN c int NOT NULL UNIQUE CHECK (c > 0);";
    const { steps } = await planFile(bench, text);
    expect(steps.map((s) => s.phase)).toEqual(["expand", "expand"]);
    await carryOut(bench, steps);
    expect(await tableText(bench, "fresh")).toContain("UNIQUE KEY `c` (`c`)");
    await takeBack(bench, steps.slice(1));
    expect(await tableText(bench, "fresh")).not.toContain("`c`");
  });

  it("refuses a name that is taken, in any case", async () => {
    await bench.sql("CREATE TABLE taken (id int PRIMARY KEY)");
    await expect(plan(bench, "taken", "ID int")).rejects.toThrow(/already/);
  });

  it("refuses what MariaDB does only by a copy beside an indexed virtual column, and adds virtual ones there", async () => {
    await bench.sql("CREATE TABLE indexed (id int PRIMARY KEY, y int, g int AS (y + 1) VIRTUAL, KEY gi (g))");
    if (bench.dialect === "mariadb")
      await expect(plan(bench, "indexed", "n int")).rejects.toMatchObject({
        name: "Refusal",
        message: expect.stringContaining("the index gi over the virtual column g"),
      });
    else await carryOut(bench, (await plan(bench, "indexed", "n int")).steps);
    await carryOut(bench, (await plan(bench, "indexed", "h int AS (y) VIRTUAL")).steps);
  });
});
