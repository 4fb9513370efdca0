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
});
