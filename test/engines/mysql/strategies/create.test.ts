import { expect, it } from "vitest";
import { describeDialects } from "../support/database.js";
import { carryOut, planOn, tableText, takeBack } from "../support/plan.js";

describeDialects("create", (bench) => {
  it("creates a table as it is written, and takes it back", async () => {
    const sql =
      "CREATE TABLE made (id int PRIMARY KEY, v varchar(9) CHARACTER SET latin1) ROW_FORMAT=DYNAMIC COMMENT='x'";
    const { steps } = await planOn(bench, sql);
    await carryOut(bench, steps);
    expect(await tableText(bench, "made")).toContain("COMMENT='x'");
    await expect(planOn(bench, sql)).rejects.toThrow(/exists already/);
    await takeBack(bench, steps);
    expect(await bench.session().query("SHOW TABLES LIKE 'made'")).toEqual([]);
  });

  it("builds an index online, under the name that the server would give, and takes it back", async () => {
    await bench.sql(
      "CREATE TABLE indexed (id int PRIMARY KEY, a varchar(20), KEY a (id))",
      "INSERT INTO indexed VALUES (1, 'x')",
    );
    const original = await tableText(bench, "indexed");
    for (const sql of [
      "ALTER TABLE indexed ADD INDEX (a)",
      "CREATE UNIQUE INDEX u ON indexed (a(5) DESC, id) COMMENT 'c'",
      "ALTER TABLE indexed ADD UNIQUE KEY u2 (a)",
    ]) {
      const { steps } = await planOn(bench, sql);
      await carryOut(bench, steps);
      const made = await tableText(bench, "indexed");
      await takeBack(bench, steps);
      expect(await tableText(bench, "indexed")).toBe(original);
      await bench.sql(sql);
      expect(made).toBe(await tableText(bench, "indexed"));
      await bench.sql(
        `ALTER TABLE indexed DROP INDEX ${/INDEX u|KEY u2/.test(sql) ? (sql.includes("u2") ? "u2" : "u") : "a_2"}`,
      );
    }
  });

  it("refuses what blocks writes, and an index whose name is taken", async () => {
    await bench.sql("CREATE TABLE words (id int PRIMARY KEY, t text, KEY k (id))");
    await expect(planOn(bench, "CREATE FULLTEXT INDEX f ON words (t)")).rejects.toThrow(/blocks writes/);
    await expect(planOn(bench, "CREATE INDEX K ON words (id)")).rejects.toThrow(/already/);
  });
});
