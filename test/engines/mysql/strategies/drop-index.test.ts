import { expect, it } from "vitest";
import { describeDialects } from "../support/database.js";
import { planFile, planText, refusalOf } from "../support/file.js";
import { carryOut, tableText, takeBack } from "../support/plan.js";

/** The order of indexes means nothing. */
const sorted = (text: string) =>
  text
    .split("\n")
    .map((line) => line.replace(/,$/, ""))
    .sort();

const idsOf = (steps: readonly { readonly id: string; readonly stage: string | null }[]) =>
  steps.map((s) => `${s.id} ${s.stage ?? "-"}`);

describeDialects("dropindex", (bench) => {
  /** What the index is; `unbuilt` where it cannot be built again beside writers. */
  const kinds: readonly (readonly [sql: string, unbuilt?: true])[] = [
    ["KEY k (a)"],
    ["UNIQUE KEY k (a, `B c`) COMMENT 'INVISIBLE; it''s'"],
    ["KEY k (v(5) DESC, a)"],
    ["FULLTEXT KEY k (v)", true],
    ...(bench.dialect === "mysql"
      ? ([["KEY k ((lower(`v`)))", true], ["KEY k (a) INVISIBLE"]] as const)
      : ([["UNIQUE KEY k (long_text)", true], ["KEY k (a) IGNORED"]] as const)),
  ];
  for (const [at, [sql, unbuilt]] of kinds.entries())
    it(`hides and drops ${sql}, and brings it back`, async () => {
      const table = `d${at}`;
      const columns = "id int PRIMARY KEY, a int, `B c` int, v varchar(40), long_text text";
      await bench.sql(`CREATE TABLE ${table} (${columns}, ${sql}, KEY other (id, a))`);
      const original = await tableText(bench, table);
      const { steps } = await planFile(bench, `DROP INDEX K ON ${table};`);
      const hides = !/INVISIBLE$|IGNORED$|long_text\)$/.test(sql);
      expect(idsOf(steps)).toEqual([...(hides ? ["1-hide swap"] : []), "1-drop-index drop"]);
      expect(steps.at(-1)?.final).toBe(unbuilt === true);
      for (const step of steps) expect(step.sql[0]).toMatch(/ALGORITHM=INSTANT$|ALGORITHM=INPLACE, LOCK=NONE$/);
      const swap = steps.filter((s) => s.stage === "swap");
      await carryOut(bench, swap);
      expect(await tableText(bench, table)).toMatch(hides ? /INVISIBLE|IGNORED/ : /KEY `k`/);
      await takeBack(bench, swap);
      expect(await tableText(bench, table)).toBe(original);
      await carryOut(bench, steps);
      await carryOut(bench, steps);
      expect(await tableText(bench, table)).not.toContain("`k`");
      if (unbuilt === true) return;
      await takeBack(bench, steps);
      expect(sorted(await tableText(bench, table))).toEqual(sorted(original));
    });

  it("says what a unique index and a hint are good for until when, and how large the table is", async () => {
    await bench.sql("CREATE TABLE told (id int PRIMARY KEY, a int, UNIQUE KEY u (a))");
    const { notes, claims } = await planFile(bench, "ALTER TABLE told DROP INDEX u;");
    expect(notes).toEqual([
      "A query, or a view, that names u in USE, FORCE or IGNORE INDEX fails from the swap on (error 1176).",
      "Until the drop u refuses duplicates, and ON DUPLICATE KEY UPDATE and REPLACE go by it.",
      expect.stringMatching(
        /^Once u is dropped, a rollback builds it again while told \(.*\) is in use, and fails where there are duplicates by then\.$/,
      ),
    ]);
    expect(claims).toMatchObject([{ name: "a", keeps: true }]);
  });

  it("refuses what a foreign key, the counter or the rows' order needs", async () => {
    await bench.sql(
      "CREATE TABLE par (id int PRIMARY KEY, a int, UNIQUE KEY u (a))",
      "CREATE TABLE chi (id int PRIMARY KEY, a int, b int, n int NOT NULL AUTO_INCREMENT, KEY ka (a), KEY kn (n), CONSTRAINT own FOREIGN KEY (a) REFERENCES par (a))",
      "CREATE TABLE bare (id int NOT NULL, a int, UNIQUE KEY u (id))",
    );
    const cases: readonly (readonly [sql: string, says: RegExp, help: RegExp])[] = [
      ["ALTER TABLE chi DROP INDEX ka;", /own needs the index ka .*1553/, /ALTER TABLE `chi` ADD INDEX \.\.\. \(`a`\)/],
      ["ALTER TABLE par DROP INDEX u;", /own needs the index u .*1553/, /ADD UNIQUE INDEX \.\.\. \(`a`\)/],
      ["ALTER TABLE chi DROP INDEX kn;", /kn is its only index \(error 1075\)/, /begins with n/],
      ["ALTER TABLE bare DROP INDEX u;", /in the order of u, .*copied/, /pt-online-schema-change/],
      ["ALTER TABLE chi DROP INDEX nope;", /no index nope/, /ka, kn, PRIMARY/],
      ["DROP INDEX `PRIMARY` ON chi;", /drops the primary key/, /DROP PRIMARY KEY/],
    ];
    for (const [sql, says, help] of cases) {
      const refusal = await refusalOf(bench, sql);
      expect(refusal.reason, sql).toMatch(says);
      expect(refusal.help, sql).toMatch(help);
    }
  });

  it("lets an index go that another one of the file replaces, also one that the server takes away itself", async () => {
    await bench.sql(
      "CREATE TABLE p2 (id int PRIMARY KEY)",
      "CREATE TABLE c2 (id int PRIMARY KEY, a int, b int, CONSTRAINT own2 FOREIGN KEY (a) REFERENCES p2 (id))",
    );
    const original = await tableText(bench, "c2");
    const { steps } = await planFile(bench, "ALTER TABLE c2 DROP INDEX own2, ADD INDEX wide (a, b);");
    await carryOut(bench, steps);
    expect(await tableText(bench, "c2")).not.toContain("KEY `own2`");
    await takeBack(bench, steps);
    expect(await tableText(bench, "c2")).toBe(original);
    const early = steps.filter((s) => s.phase === "expand");
    await carryOut(bench, early);
    await takeBack(bench, early);
    expect(await tableText(bench, "c2")).toBe(original);
  });

  it("drops one of a name in a file, whatever comes in its place", async () => {
    await bench.sql("CREATE TABLE again (id int PRIMARY KEY, a int, b int, KEY k (a))");
    const text = "ALTER TABLE again DROP INDEX k, ADD INDEX k (b); ALTER TABLE again DROP INDEX k;";
    expect((await refusalOf(bench, text)).reason).toContain("drops an index k of again before");
  });

  it("drops a foreign key and a unique index of one name, each by itself", async () => {
    await bench.sql(
      "CREATE TABLE p5 (id int PRIMARY KEY)",
      "CREATE TABLE c5 (id int PRIMARY KEY, a int, b int, UNIQUE KEY own5 (b), KEY ka (a), CONSTRAINT own5 FOREIGN KEY (a) REFERENCES p5 (id))",
    );
    const original = await tableText(bench, "c5");
    const { steps } = await planFile(bench, "ALTER TABLE c5 DROP FOREIGN KEY own5; ALTER TABLE c5 DROP INDEX own5;");
    await carryOut(bench, steps);
    expect(await tableText(bench, "c5")).not.toContain("own5");
    await takeBack(bench, steps);
    expect(sorted(await tableText(bench, "c5"))).toEqual(sorted(original));
  });

  it("drops an index at once on a table of its own release, and IF EXISTS has nothing to do", async () => {
    const { plan } = await planText(
      bench,
      "CREATE TABLE ours (id int PRIMARY KEY, a int, KEY k (a)); ALTER TABLE ours DROP INDEX k;",
    );
    expect(plan?.steps.map((s) => s.phase)).toEqual(["expand", "expand"]);
    await carryOut(bench, plan?.steps ?? []);
    expect(await tableText(bench, "ours")).not.toContain("`k`");
    if (bench.dialect === "mysql") return;
    expect((await planFile(bench, "DROP INDEX IF EXISTS k ON ours;")).notes).toEqual([
      "ours has no index k: IF EXISTS has nothing to do.",
    ]);
  });
});
