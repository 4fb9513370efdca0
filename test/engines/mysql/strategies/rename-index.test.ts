import { expect, it } from "vitest";
import { describeDialects } from "../support/database.js";
import { planFile, planText, refusalOf } from "../support/file.js";
import { carryOut, tableText, takeBack } from "../support/plan.js";

describeDialects("renameindex", (bench) => {
  it("renames in the swap, and takes it back", async () => {
    await bench.sql("CREATE TABLE r (id int PRIMARY KEY, a int, UNIQUE KEY `k 1` (a))");
    const original = await tableText(bench, "r");
    const { steps, notes } = await planFile(bench, "ALTER TABLE r RENAME INDEX `K 1` TO `k``2`;");
    expect(steps.map((s) => [s.phase, s.stage, s.final])).toEqual([["contract", "swap", false]]);
    expect(notes[0]).toContain("error 1176");
    await carryOut(bench, steps);
    await carryOut(bench, steps);
    expect(await tableText(bench, "r")).toBe(original.replace("`k 1`", "`k``2`"));
    await takeBack(bench, steps);
    expect(await tableText(bench, "r")).toBe(original);
  });

  it("does at once what no running code can name: other letters, and an index of the same file", async () => {
    await bench.sql("CREATE TABLE q (id int PRIMARY KEY, a int, KEY k (a))");
    const original = await tableText(bench, "q");
    const text = "ALTER TABLE q RENAME KEY k TO K; CREATE INDEX n ON q (a, id); ALTER TABLE q RENAME INDEX n TO m;";
    const { steps, notes } = await planFile(bench, text);
    expect(new Set(steps.map((s) => s.phase))).toEqual(new Set(["expand"]));
    expect(notes).toEqual([]);
    await carryOut(bench, steps);
    expect(await tableText(bench, "q")).toMatch(/`K` .*\n.*`m`/);
    await takeBack(bench, steps);
    expect(await tableText(bench, "q")).toBe(original);
  });

  it("refuses names that are taken or that the server does not take", async () => {
    await bench.sql("CREATE TABLE f (id int PRIMARY KEY, a int, KEY k (a), KEY l (a, id))");
    const cases: readonly (readonly [change: string, says: string])[] = [
      ["RENAME INDEX k TO L", "There is an index L on f already"],
      ["RENAME INDEX k TO `primary`", "is the primary key's"],
      [`RENAME INDEX k TO ${"x".repeat(65)}`, "has 65 characters"],
      ["RENAME INDEX `PRIMARY` TO x", "no name of its own"],
      ["RENAME INDEX nope TO x", "no index nope"],
    ];
    for (const [change, says] of cases)
      expect((await refusalOf(bench, `ALTER TABLE f ${change};`)).reason).toContain(says);
  });

  it("renames at once on a table of its own release", async () => {
    const { plan } = await planText(
      bench,
      "CREATE TABLE ours (id int PRIMARY KEY, a int, KEY k (a)); ALTER TABLE ours RENAME INDEX k TO m;",
    );
    expect(plan?.steps.map((s) => s.phase)).toEqual(["expand", "expand"]);
    await carryOut(bench, plan?.steps ?? []);
    expect(await tableText(bench, "ours")).toContain("KEY `m`");
  });
});
