import { expect, it } from "vitest";
import { describeDialects } from "../support/database.js";
import { planFile, refusalOf } from "../support/file.js";
import { carryOut, tableText, takeBack } from "../support/plan.js";

describeDialects("coldefault", (bench) => {
  const defaults: readonly (readonly [type: string, was: string, set: string])[] = [
    ["int NOT NULL", "", "7"],
    ["int", "DEFAULT 5", "NULL"],
    ["varchar(9) NOT NULL", "DEFAULT 'it''s \\\\'", "'x'"],
    ["decimal(5,2)", "DEFAULT 1.50", "2"],
    ["bit(3)", "DEFAULT b'101'", "b'1'"],
    ["datetime", "ON UPDATE CURRENT_TIMESTAMP", "'2020-01-01 00:00:00'"],
    ["datetime(3)", "DEFAULT CURRENT_TIMESTAMP(3) COMMENT 'when'", "'2020-01-01 00:00:00'"],
    ["varchar(40) CHARACTER SET ascii", "DEFAULT (uuid())", "'x'"],
    ["enum('x','y')", "", "'y'"],
  ];
  for (const [index, [type, was, set]] of defaults.entries())
    it(`sets the default of ${type} ${was} in expand, and gives back the one before`, async () => {
      const table = `set${index}`;
      await bench.sql(`CREATE TABLE ${table} (id int PRIMARY KEY, a ${type} ${was})`);
      const original = await tableText(bench, table);
      const { steps } = await planFile(bench, `ALTER TABLE ${table} ALTER COLUMN a SET DEFAULT ${set};`);
      expect(steps.map((s) => [s.phase, s.stage])).toEqual([["expand", null]]);
      await carryOut(bench, steps);
      await carryOut(bench, steps);
      expect(await tableText(bench, table)).not.toBe(original);
      await takeBack(bench, steps);
      expect(await tableText(bench, table)).toBe(original);
    });

  it("refuses to touch a default that the catalog does not show as it is: bytes behind a zero, moments", async () => {
    await bench.sql(
      "CREATE TABLE untold (id int PRIMARY KEY, b varbinary(9) DEFAULT x'6100ff', m timestamp DEFAULT '2020-01-01 00:00:00')",
    );
    const moment = "m SET DEFAULT '2021-01-01 00:00:00'";
    // MariaDB shows a moment in the time zone of who asks.
    const shown = bench.dialect === "mariadb" ? [moment, "m DROP DEFAULT"] : [];
    for (const change of shown) {
      const original = await tableText(bench, "untold");
      const { steps } = await planFile(bench, `ALTER TABLE untold ALTER ${change};`);
      await carryOut(bench, steps);
      expect(await tableText(bench, "untold")).not.toBe(original);
      await takeBack(bench, steps);
      expect(await tableText(bench, "untold")).toBe(original);
    }
    for (const change of ["b SET DEFAULT x'62'", "b DROP DEFAULT", ...(shown.length === 0 ? [moment] : [])])
      expect((await refusalOf(bench, `ALTER TABLE untold ALTER ${change};`)).reason).toContain(
        "could not give it back",
      );
  });

  it("drops a default with the contract, since old code relies on it", async () => {
    await bench.sql("CREATE TABLE dropped (id int PRIMARY KEY, a int NOT NULL DEFAULT 5)");
    const original = await tableText(bench, "dropped");
    const { steps } = await planFile(bench, "ALTER TABLE dropped ALTER a DROP DEFAULT;");
    expect(steps.map((s) => [s.phase, s.stage])).toEqual([["contract", "swap"]]);
    await carryOut(bench, steps);
    await expect(bench.sql("INSERT INTO dropped (id) VALUES (1)")).rejects.toThrow(/default/);
    await takeBack(bench, steps);
    expect(await tableText(bench, "dropped")).toBe(original);
  });

  it("says that there is nothing to drop", async () => {
    await bench.sql("CREATE TABLE none (id int PRIMARY KEY, a int NOT NULL)");
    const plan = await planFile(bench, "ALTER TABLE none ALTER a DROP DEFAULT;");
    expect(plan).toMatchObject({ steps: [], notes: [expect.stringContaining("no default")] });
  });

  it("refuses what has a value of its own", async () => {
    await bench.sql("CREATE TABLE own (id int AUTO_INCREMENT PRIMARY KEY, g int AS (x + 1) VIRTUAL, x int)");
    for (const column of ["id", "g"])
      expect((await refusalOf(bench, `ALTER TABLE own ALTER ${column} SET DEFAULT 1;`)).reason).toContain("no default");
  });

  if (bench.dialect === "mysql") {
    it("refuses the default of a TEXT, which takes MODIFY", async () => {
      await bench.sql("CREATE TABLE texts (id int PRIMARY KEY, a text)");
      const refusal = await refusalOf(bench, "\nALTER TABLE texts ALTER a SET DEFAULT ('x');");
      expect(refusal).toMatchObject({ line: 2, help: expect.stringContaining("MODIFY COLUMN") });
    });

    it("hides and shows a column with the contract; one that is new at once", async () => {
      await bench.sql("CREATE TABLE seen (id int PRIMARY KEY, a int)");
      const original = await tableText(bench, "seen");
      const { steps } = await planFile(bench, "ALTER TABLE seen ALTER a SET INVISIBLE;");
      expect(steps.map((s) => s.stage)).toEqual(["swap"]);
      await carryOut(bench, steps);
      expect(await tableText(bench, "seen")).toContain("INVISIBLE");
      const back = await planFile(bench, "ALTER TABLE seen ALTER a SET VISIBLE;");
      await carryOut(bench, back.steps);
      await takeBack(bench, [...steps, ...back.steps]);
      expect(await tableText(bench, "seen")).toBe(original);
      const fresh = await planFile(bench, "ALTER TABLE seen ADD b int; ALTER TABLE seen ALTER b SET INVISIBLE;");
      expect(fresh.steps.map((s) => s.phase)).toEqual(["expand", "expand"]);
    });

    it("gives back a default beside ON UPDATE", async () => {
      await bench.sql("CREATE TABLE kept (id int PRIMARY KEY, a timestamp NULL DEFAULT NOW() ON UPDATE NOW())");
      const original = await tableText(bench, "kept");
      const { steps } = await planFile(bench, "ALTER TABLE kept ALTER a SET DEFAULT '2020-01-01';");
      await carryOut(bench, steps);
      await takeBack(bench, steps);
      expect(await tableText(bench, "kept")).toBe(original);
    });
  } else {
    it("refuses what MariaDB would take away in silence", async () => {
      await bench.sql("CREATE TABLE kept (id int PRIMARY KEY, a timestamp NULL DEFAULT NOW() ON UPDATE NOW())");
      expect((await refusalOf(bench, "ALTER TABLE kept ALTER a SET DEFAULT NULL;")).reason).toContain("ON UPDATE");
    });

    it("renames if there is something to rename", async () => {
      await bench.sql("CREATE TABLE maybe (id int PRIMARY KEY, a int)");
      const none = await planFile(bench, "ALTER TABLE maybe RENAME COLUMN IF EXISTS x TO b;");
      expect(none).toMatchObject({ steps: [], notes: [expect.stringContaining("no column x")] });
      const some = await planFile(bench, "ALTER TABLE maybe RENAME COLUMN IF EXISTS a TO b;");
      expect(some.retires).toMatchObject([{ column: "a", replacement: "b" }]);
    });
  }
});
