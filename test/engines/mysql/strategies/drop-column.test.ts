import { expect, it } from "vitest";
import { type Bench, describeDialects } from "../support/database.js";
import { carryOut, planOn, tableText, takeBack } from "../support/plan.js";

const plan = (bench: Bench, table: string) => planOn(bench, `ALTER TABLE ${table} DROP COLUMN a`);

describeDialects("dropcol", (bench) => {
  const types = ["int", "varchar(9)", "text", "mediumblob", "json", "enum('x','y')", "datetime(3)", "decimal(5,2)"];
  for (const [index, type] of types.entries())
    it(`lets new code leave out a NOT NULL ${type}, parks it, brings it back and drops it`, async () => {
      const table = `dropped${index}`;
      await bench.sql(
        `CREATE TABLE ${table} (id int PRIMARY KEY AUTO_INCREMENT, a ${type} NOT NULL COMMENT 'c', z int${type === "json" ? "" : `, KEY ka (a${/text|blob/.test(type) ? "(9)" : ""})`})`,
      );
      const original = await tableText(bench, table);
      const { steps, retires } = await plan(bench, table);
      const expand = steps.filter((s) => s.phase === "expand");
      await carryOut(bench, expand);
      await bench.sql(`INSERT INTO ${table} (z) VALUES (1)`);
      const swap = steps.filter((s) => s.stage === "swap");
      await carryOut(bench, swap);
      await bench.sql(`INSERT INTO ${table} (z) VALUES (2)`);
      await takeBack(bench, [...expand, ...swap]);
      expect(await tableText(bench, table)).toBe(original);
      await carryOut(bench, steps);
      expect(await tableText(bench, table)).not.toMatch(/`a`|zmigrate|ka/);
      expect(retires).toMatchObject([{ column: "a" }]);
    });

  const refusals: readonly (readonly [string, string])[] = [
    ["a primary key", "id int, a int PRIMARY KEY"],
    ["a CHECK", "id int PRIMARY KEY, a int, CHECK (a > id)"],
    ["a key in the place of a primary key", "z int, a int NOT NULL, UNIQUE KEY ua (a)"],
    ["an index of several columns", "id int PRIMARY KEY, a int, KEY (id, a)"],
    ["a generated column", "id int PRIMARY KEY, a int, g int AS (a + 1) STORED"],
    ["a FULLTEXT index", "id int PRIMARY KEY, a int, t text, FULLTEXT (t)"],
  ];
  for (const [index, [what, columns]] of refusals.entries())
    it(`refuses while ${what} needs it or stands in the way`, async () => {
      await bench.sql(`CREATE TABLE needed${index} (${columns})`);
      await expect(plan(bench, `needed${index}`)).rejects.toMatchObject({ name: "Refusal" });
    });

  it("drops a virtual column, and one beside it unless an index is over that one where the server copies then", async () => {
    const columns = "id int PRIMARY KEY, b int, KEY b (b)";
    await bench.sql(`CREATE TABLE itself (${columns}, a int AS (b * 2) VIRTUAL, KEY ka (a))`);
    await bench.sql(`CREATE TABLE aside (${columns}, a int, KEY ka (a), v int AS (b * 2) VIRTUAL)`);
    await bench.sql(`CREATE TABLE keyed (${columns}, a int, v int AS (b * 2) VIRTUAL, KEY kv (v))`);
    for (const table of ["itself", "aside"]) await carryOut(bench, (await plan(bench, table)).steps);
    expect(await tableText(bench, "aside")).not.toMatch(/`a`|zmigrate|ka/);
    if (bench.dialect === "mysql") await carryOut(bench, (await plan(bench, "keyed")).steps);
    else await expect(plan(bench, "keyed")).rejects.toThrow(/the index kv over the virtual column v/);
  });

  it("drops one key of two that stand in for a primary key only where the server does so in place", async () => {
    const keys = ["UNIQUE KEY ua (a), UNIQUE KEY uz (z)", "UNIQUE KEY uz (z), UNIQUE KEY ua (a)"];
    for (const [n, of] of keys.entries()) {
      await bench.sql(`CREATE TABLE two${n} (a int NOT NULL, z int NOT NULL, ${of})`);
      if (bench.dialect === "mysql") await expect(plan(bench, `two${n}`)).rejects.toMatchObject({ name: "Refusal" });
      else await carryOut(bench, (await plan(bench, `two${n}`)).steps);
    }
  });

  it("asks for a value where a CHECK of the column may refuse the one that rows of new code would hold", async () => {
    await bench.sql("CREATE TABLE priced (id int PRIMARY KEY, a int NOT NULL CHECK (a > 0))");
    await expect(plan(bench, "priced")).rejects.toMatchObject({ name: "Refusal" });
    await bench.sql("ALTER TABLE priced ALTER COLUMN a SET DEFAULT 1");
    if (bench.dialect === "mariadb") expect((await plan(bench, "priced")).steps).not.toEqual([]);
  });

  it("names the views and triggers that use it", async () => {
    await bench.sql("CREATE TABLE seen (id int PRIMARY KEY, a int)", "CREATE VIEW sees AS SELECT a FROM seen");
    expect((await plan(bench, "seen")).notes.join()).toContain("view sees");
  });
});
