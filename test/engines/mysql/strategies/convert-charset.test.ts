import { expect, it } from "vitest";
import { describeDialects } from "../support/database.js";
import { planFile, planText, refusalOf } from "../support/file.js";
import { carryOut, tableText, takeBack } from "../support/plan.js";

describeDialects("charset", (bench) => {
  const PLACES =
    "id int PRIMARY KEY, n int, a varchar(20) NOT NULL DEFAULT 'x' COMMENT 'c', t text, e enum('a','b'), KEY (n)";

  it.each([
    ["latin1", "utf8mb4"],
    ["utf8mb3", "utf8mb4"],
  ])("converts a table from %s to %s, as plain SQL would, and takes it back where that is online", async (from, to) => {
    const [table, plain] = [`c_${from}`, `p_${from}`];
    for (const name of [table, plain])
      await bench.sql(
        `CREATE TABLE ${name} (${PLACES}) DEFAULT CHARACTER SET ${from}`,
        `INSERT INTO ${name} VALUES (1, 1, 'Köln', 'Straße', 'a'), (2, 2, 'x', NULL, 'b')`,
      );
    const original = await tableText(bench, table);
    const { steps, leaves } = await planFile(bench, `ALTER TABLE ${table} CONVERT TO CHARACTER SET ${to};`);
    const [before, swap] = [steps.filter((s) => s.phase !== "contract"), steps.filter((s) => s.stage === "swap")];
    await carryOut(bench, before);
    await bench.sql(`INSERT INTO ${table} (id, a, t, e) VALUES (3, 'Zürich', 'é', 'a')`);
    await carryOut(bench, swap);
    await takeBack(bench, [...before, ...swap]);
    if (leaves === undefined) expect(await tableText(bench, table)).toBe(original);
    await bench.sql(`DELETE FROM ${table} WHERE id = 3`);
    await carryOut(bench, steps);
    await bench.sql(`ALTER TABLE ${plain} CONVERT TO CHARACTER SET ${to}`);
    expect(await tableText(bench, table)).toBe((await tableText(bench, plain)).replace(plain, table));
    const rows = (name: string) => bench.session().query(`SELECT a, t, e FROM ${name} ORDER BY id`);
    expect(await rows(table)).toEqual(await rows(plain));
  });

  it("gives the command for the whole table where one of its columns cannot be exchanged", async () => {
    await bench.sql("CREATE TABLE keyed (code varchar(20) PRIMARY KEY, a varchar(9)) DEFAULT CHARACTER SET latin1");
    const { reason, help } = await refusalOf(bench, "ALTER TABLE keyed CONVERT TO CHARACTER SET utf8mb4;");
    expect(reason).toContain("primary key");
    expect(help).toContain("--alter='CONVERT TO CHARACTER SET utf8mb4'");
    await bench.sql(
      "CREATE TABLE two (id int PRIMARY KEY, a varchar(9), b varchar(9), KEY ab (a, b)) DEFAULT CHARACTER SET latin1",
    );
    expect((await refusalOf(bench, "ALTER TABLE two CONVERT TO CHARACTER SET utf8mb4;")).reason).toContain("index ab");
  });

  it("takes a second column where the letters of an ENUM change their bytes", async () => {
    await bench.sql("CREATE TABLE lettered (id int PRIMARY KEY, e enum('ä','b')) DEFAULT CHARACTER SET latin1");
    const { steps } = await planFile(bench, "ALTER TABLE lettered CONVERT TO CHARACTER SET utf8mb4;");
    await carryOut(bench, steps);
    expect(await tableText(bench, "lettered")).toMatch(/`e` enum\('ä','b'\) DEFAULT NULL/);
  });

  it("asks for a name, and converts a table of its own release at once", async () => {
    await bench.sql("CREATE TABLE unnamed (id int PRIMARY KEY, a varchar(9))");
    expect((await refusalOf(bench, "ALTER TABLE unnamed CONVERT TO CHARACTER SET DEFAULT;")).reason).toContain(
      "DEFAULT",
    );
    const { plan } = await planText(
      bench,
      "CREATE TABLE own (id int PRIMARY KEY, a varchar(9)); ALTER TABLE own CONVERT TO CHARACTER SET ascii;",
    );
    expect(plan?.steps.map((s) => s.phase)).toEqual(["expand", "expand"]);
  });
});
