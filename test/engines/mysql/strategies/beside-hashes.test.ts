import { expect, it } from "vitest";
import { describeDialects } from "../support/database.js";
import { planFile, refusalOf } from "../support/file.js";
import { carryOut, planOn } from "../support/plan.js";

const CHANGES = [
  "RENAME COLUMN v TO v2",
  "ADD COLUMN n int",
  "ADD COLUMN n int AS (y) VIRTUAL",
  "DROP COLUMN y",
  "DROP COLUMN url",
  "ALTER COLUMN v SET DEFAULT 'x'",
  "ADD INDEX (v)",
  "DROP INDEX ky",
  "COMMENT = 'x'",
  "MODIFY y bigint",
  "ADD CHECK (y > 0)",
];

describeDialects("besidehashes", (bench) => {
  if (bench.dialect === "mysql") {
    it("is about MariaDB: MySQL refuses such a key", async () => {
      const long = "CREATE TABLE t (id int PRIMARY KEY, url varchar(2000), UNIQUE KEY hu (url)) CHARACTER SET utf8mb4";
      await expect(bench.sql(long)).rejects.toThrow(/max key length/);
    });
    return;
  }

  it("refuses every change that the server makes only by a copy, naming the key, and drops the key itself", async () => {
    await bench.sql(
      "CREATE TABLE t (id int PRIMARY KEY, v varchar(9) NOT NULL, y int, url varchar(2000), KEY ky (y), UNIQUE KEY hu (url)) CHARACTER SET utf8mb4",
    );
    for (const change of CHANGES) {
      const inPlace = bench.sql(`ALTER TABLE t ${change}, ALGORITHM=INPLACE`);
      await expect(inPlace, change).rejects.toMatchObject({ errno: expect.any(Number) });
      const { reason, help } = await refusalOf(bench, `ALTER TABLE t ${change};`);
      expect(reason, change).toContain("the UNIQUE key hu, of which MariaDB keeps hashes");
      expect(help, change).toContain("Drop hu in an earlier migration");
    }
    const early = await refusalOf(bench, "DROP INDEX hu ON t; ALTER TABLE t RENAME COLUMN v TO v2;");
    expect(early.reason).toContain("the file drops hu in its contract, which is later");
    await carryOut(bench, (await planFile(bench, "DROP INDEX hu ON t;")).steps);
    await carryOut(bench, (await planOn(bench, "ALTER TABLE t ADD COLUMN n int")).steps);
  });

  it("offers no drop where two such keys keep each other", async () => {
    await bench.sql("CREATE TABLE two (id int PRIMARY KEY, a text, b text, UNIQUE KEY h1 (a), UNIQUE KEY h2 (b))");
    const { reason, help } = await refusalOf(bench, "ALTER TABLE two ADD COLUMN n int;");
    expect(reason).toContain("the UNIQUE keys h1, h2");
    expect(help).toBe("Use pt-online-schema-change for this table.");
  });

  it("refuses what makes such a key, by the bytes of its columns", async () => {
    await bench.sql(
      "CREATE TABLE b (id int PRIMARY KEY, y int, url varchar(2000), s varchar(100), UNIQUE KEY us (s)) CHARACTER SET utf8mb4",
      "CREATE TABLE l (id int PRIMARY KEY, url varchar(2000)) CHARACTER SET latin1",
    );
    for (const sql of ["CREATE UNIQUE INDEX hu ON b (y, url)", "ALTER TABLE b ADD UNIQUE KEY (`url`(769))"])
      expect((await refusalOf(bench, `${sql};`)).reason, sql).toContain("a UNIQUE index of hashes");
    expect((await refusalOf(bench, "ALTER TABLE b MODIFY s varchar(3000);")).reason).toContain(
      "the UNIQUE key us of b is too long for an index",
    );
    for (const sql of ["CREATE UNIQUE INDEX pu ON b (url(768))", "CREATE UNIQUE INDEX lu ON l (url)"])
      await carryOut(bench, (await planFile(bench, `${sql};`)).steps);
  });
});
