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

describeDialects("replaceindex", (bench) => {
  const changes: readonly (readonly [what: string, sql: string, plain?: string])[] = [
    ["DROP and ADD in one statement", "ALTER TABLE t DROP INDEX k, ADD INDEX k (b, a)"],
    ["DROP and ADD of a unique one", "ALTER TABLE t DROP INDEX k; CREATE UNIQUE INDEX K ON t (b) COMMENT 'x'"],
    ["a new one that is renamed", "CREATE INDEX n ON t (b); DROP INDEX k ON t; ALTER TABLE t RENAME INDEX n TO k"],
    ["one that gets the name by itself", "ALTER TABLE t DROP INDEX a, ADD INDEX (a, b)"],
    ...(bench.dialect === "mariadb"
      ? ([
          ["CREATE OR REPLACE", "CREATE OR REPLACE INDEX k ON t (b)"],
          ["CREATE OR REPLACE of none", "CREATE OR REPLACE INDEX other ON t (b)"],
          ["IF EXISTS of one", "DROP INDEX IF EXISTS k ON t; CREATE INDEX k ON t (b)"],
          ["IF EXISTS of none", "DROP INDEX IF EXISTS other ON t; CREATE INDEX other ON t (b)"],
        ] as const)
      : []),
  ];
  for (const [what, sql] of changes)
    it(`ends where ${what} ends, and goes back from everywhere`, async () => {
      const make = async () => {
        await bench.sql(
          "DROP TABLE IF EXISTS t",
          "CREATE TABLE t (id int PRIMARY KEY, a int, b int, KEY k (a), KEY a (a))",
        );
        return tableText(bench, "t");
      };
      await make();
      await bench.sql(...sql.split(";"));
      const plain = await tableText(bench, "t");
      const original = await make();
      const { steps } = await planFile(bench, `${sql};`);
      const stages = [steps.filter((s) => s.phase === "expand"), steps.filter((s) => s.stage !== "drop"), steps];
      for (const some of stages) {
        await carryOut(bench, some);
        const now = await tableText(bench, "t");
        if (some === stages[0]) expect(sorted(now)).toEqual(expect.arrayContaining(sorted(original)));
        if (some === steps) expect(sorted(now)).toEqual(sorted(plain));
        await takeBack(bench, some);
        expect(sorted(await tableText(bench, "t"))).toEqual(sorted(original));
      }
    });

  it("leaves no moment without an index of the name", async () => {
    await bench.sql("CREATE TABLE named (id int PRIMARY KEY, a int, b int, KEY k (a))");
    const { steps, notes } = await planFile(bench, "ALTER TABLE named DROP INDEX k, ADD INDEX k (a, b);");
    expect(steps.map((s) => s.id)).toEqual(["2-create-index", "1-exchange", "1-hide", "1-drop-index"]);
    for (const step of steps) {
      await carryOut(bench, [step]);
      await bench.sql("SELECT id FROM named FORCE INDEX (k) WHERE a = 1");
    }
    expect(notes.join()).not.toContain("FORCE");
  });

  it("replaces an index that the server makes for a foreign key, which is gone when another one serves the key", async () => {
    await bench.sql(
      "CREATE TABLE p3 (id int PRIMARY KEY)",
      "CREATE TABLE c3 (id int PRIMARY KEY, a int, b int, CONSTRAINT own3 FOREIGN KEY (a) REFERENCES p3 (id))",
    );
    const original = await tableText(bench, "c3");
    const { steps } = await planFile(bench, "ALTER TABLE c3 DROP INDEX own3, ADD INDEX own3 (a, b);");
    await carryOut(bench, steps);
    expect(await tableText(bench, "c3")).toContain("KEY `own3` (`a`,`b`)");
    await takeBack(bench, steps);
    expect(await tableText(bench, "c3")).toBe(original);
  });

  it("replaces at once on a table of its own release", async () => {
    const replace = bench.dialect === "mariadb" ? "CREATE OR REPLACE INDEX k ON own (b);" : "";
    const { plan } = await planText(
      bench,
      `CREATE TABLE own (id int PRIMARY KEY, a int, b int, t text, KEY k (a));
       ALTER TABLE own DROP INDEX k, ADD INDEX k (b, a); ${replace} CREATE FULLTEXT INDEX f ON own (t);`,
    );
    expect(new Set(plan?.steps.map((s) => s.phase))).toEqual(new Set(["expand"]));
    await carryOut(bench, plan?.steps ?? []);
    const text = await tableText(bench, "own");
    expect(text).toContain(bench.dialect === "mariadb" ? "KEY `k` (`b`)" : "KEY `k` (`b`,`a`)");
    expect(text).toContain("FULLTEXT KEY `f`");
  });

  it("refuses to be put into one phase, and what a foreign key needs", async () => {
    await bench.sql(
      "CREATE TABLE p4 (id int PRIMARY KEY)",
      "CREATE TABLE c4 (id int PRIMARY KEY, a int, b int, KEY k (a), CONSTRAINT own4 FOREIGN KEY (a) REFERENCES p4 (id))",
    );
    const split = "-- zmigrate:phase contract\nALTER TABLE c4 DROP INDEX k, ADD INDEX k (a, b);";
    expect((await refusalOf(bench, split)).help).toContain("Leave the phase directives out");
    expect((await refusalOf(bench, "ALTER TABLE c4 DROP INDEX k, ADD INDEX k (b);")).reason).toContain("1553");
    if (bench.dialect === "mysql") return;
    expect((await refusalOf(bench, "CREATE OR REPLACE INDEX k ON c4 (b);")).reason).toContain("1553");
    const twice = "CREATE OR REPLACE INDEX k ON c4 (a, b);";
    expect((await refusalOf(bench, twice + twice)).reason).toContain("drops an index k of c4 before");
    const again = `ALTER TABLE c4 DROP INDEX k, ADD INDEX k (a, id); ${twice}`;
    expect((await refusalOf(bench, again)).reason).toContain("drops an index k of c4 before");
    const put = "-- zmigrate:phase contract\nCREATE OR REPLACE INDEX k ON c4 (a, b);";
    expect((await refusalOf(bench, put)).help).toContain("Leave the phase directives out");
  });
});
