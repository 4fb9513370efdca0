import { expect, it } from "vitest";
import { describeDialects } from "../support/database.js";
import { planFile, planText, refusalOf } from "../support/file.js";
import { carryOut, tableText, takeBack } from "../support/plan.js";

describeDialects("visibility", (bench) => {
  const [hidden, shown] = bench.dialect === "mysql" ? ["INVISIBLE", "VISIBLE"] : ["IGNORED", "NOT IGNORED"];

  it("hides an index in the swap, shows one in expand, and takes both back", async () => {
    await bench.sql(
      `CREATE TABLE v (id int PRIMARY KEY, a int, KEY k (a), UNIQUE KEY h (a, id) COMMENT 'c' ${hidden})`,
    );
    const original = await tableText(bench, "v");
    const sql = `ALTER TABLE v ALTER INDEX K ${hidden}, ALTER INDEX h ${shown}`;
    await bench.sql(sql);
    const plain = await tableText(bench, "v");
    await bench.sql(`ALTER TABLE v ALTER INDEX h ${hidden}`, `ALTER TABLE v ALTER INDEX k ${shown}`);
    const { steps, notes } = await planFile(bench, `${sql};`);
    expect(steps.map((s) => `${s.id} ${s.phase}`)).toEqual(["2-show-index expand", "1-hide-index contract"]);
    expect(notes.join()).toContain("error 1176");
    await carryOut(bench, steps);
    await carryOut(bench, steps);
    expect(await tableText(bench, "v")).toBe(plain);
    await takeBack(bench, steps);
    expect(await tableText(bench, "v")).toBe(original);
  });

  it("has nothing to do where it is so already, in the database and in the file", async () => {
    await bench.sql(`CREATE TABLE w (id int PRIMARY KEY, a int, KEY k (a), KEY h (a, id) ${hidden})`);
    const alter = (name: string, word: string) => `ALTER TABLE w ALTER INDEX ${name} ${word};`;
    for (const sql of [alter("h", hidden), alter("k", shown)]) expect((await planFile(bench, sql)).steps).toEqual([]);
    const twice = await planFile(bench, alter("k", hidden) + alter("k", hidden));
    expect(twice.steps.map((s) => s.id)).toEqual(["1-hide-index"]);
    const both = await refusalOf(bench, alter("k", hidden) + alter("K", shown));
    expect(both.reason).toContain("shows and hides k");
  });

  it("refuses to hide what the rows are ordered by, and an index that is not there", async () => {
    await bench.sql(
      "CREATE TABLE o (id int NOT NULL, a int, UNIQUE KEY u (id))",
      "CREATE TABLE p (id int PRIMARY KEY)",
    );
    const refused = async (table: string, name: string) =>
      (await refusalOf(bench, `ALTER TABLE ${table} ALTER INDEX ${name} ${hidden};`)).reason;
    expect(await refused("o", "u")).toContain("hides no primary key");
    expect(await refused("p", "`PRIMARY`")).toContain("hides no primary key");
    expect(await refused("p", "nope")).toContain("no index nope");
  });

  it("hides at once on a table of its own release", async () => {
    const { plan } = await planText(
      bench,
      `CREATE TABLE ours (id int PRIMARY KEY, a int, KEY k (a)); ALTER TABLE ours ALTER INDEX k ${hidden};`,
    );
    expect(plan?.steps.map((s) => s.phase)).toEqual(["expand", "expand"]);
    await carryOut(bench, plan?.steps ?? []);
    expect(await tableText(bench, "ours")).toContain(hidden);
  });
});
