import { expect, it } from "vitest";
import { describeDialects } from "../support/database.js";
import { planFile, planText, refusalOf } from "../support/file.js";
import { carryOut, tableText, takeBack } from "../support/plan.js";

/** What the column is, what it becomes, and in which phase. */
type Case = readonly [was: string, becomes: string, phase: "expand" | "contract", back?: "stays"];

describeDialects("modify", (bench) => {
  const cases: readonly Case[] = [
    ["varchar(20) NOT NULL DEFAULT 'x'", "varchar(60) NOT NULL DEFAULT 'x'", "expand", "stays"],
    ["enum('x','y')", "enum('x','y','z')", "expand", "stays"],
    ["int NOT NULL DEFAULT 5 COMMENT 'c'", "int NOT NULL DEFAULT 6 COMMENT 'd'", "expand"],
    ["int NOT NULL DEFAULT 5", "int NULL DEFAULT 5", "expand"],
    ["int", "int NOT NULL", "contract"],
    ["int COMMENT 'it''s'", "int NOT NULL DEFAULT 0 COMMENT 'it''s'", "contract"],
    ["int", "int FIRST", "contract"],
    ["datetime", "datetime ON UPDATE CURRENT_TIMESTAMP", "expand"],
    ["int unsigned", "int(8) unsigned zerofill", "contract"],
    ["tinyint", "tinyint(1)", "contract"],
    ["double(8,2)", "double(9,2)", "expand"],
    ["varchar(20)", "varchar(20) BINARY", "expand"],
  ];
  for (const [index, [was, becomes, phase, back]] of cases.entries())
    it(`makes ${becomes} of ${was} in ${phase}, as plain SQL would, and takes it back`, async () => {
      const table = `made${index}`;
      await bench.sql(`CREATE TABLE ${table} (id int PRIMARY KEY, x int, a ${was}, z int)`);
      await bench.sql(`CREATE TABLE plain${index} LIKE ${table}`, `ALTER TABLE plain${index} MODIFY a ${becomes}`);
      const original = await tableText(bench, table);
      const { steps, leaves } = await planFile(bench, `ALTER TABLE ${table} MODIFY a ${becomes};`);
      expect(steps.filter((s) => s.kind === "ddl").map((s) => s.phase)).toEqual([phase]);
      expect(steps.at(-1)?.sql[0]).toMatch(/ALGORITHM=INSTANT$|ALGORITHM=INPLACE, LOCK=NONE$/);
      await carryOut(bench, steps);
      await carryOut(bench, steps);
      const plain = await tableText(bench, `plain${index}`);
      expect(await tableText(bench, table)).toBe(plain.replace(`plain${index}`, table));
      await takeBack(bench, steps);
      if (back === "stays") expect(leaves).toContainEqual(expect.stringContaining("A rollback leaves a as it is"));
      else expect(await tableText(bench, table)).toBe(original);
    });

  it("gives NULL a value until nobody writes it, and takes that back", async () => {
    await bench.sql("CREATE TABLE filled (id int PRIMARY KEY, `A b` varchar(9), n int)");
    await bench.sql("INSERT INTO filled VALUES (1, NULL, 5), (2, 'x', 5)");
    const original = await tableText(bench, "filled");
    const text = "-- zmigrate:fill CONCAT('n', filled.n)\nALTER TABLE filled MODIFY `A b` varchar(9) NOT NULL;";
    const { steps } = await planFile(bench, text);
    const until = (phase: string) => steps.filter((s) => s.phase === phase);
    await carryOut(bench, until("expand"));
    await bench.sql("INSERT INTO filled (id, n) VALUES (3, 7)", "UPDATE filled SET `A b` = NULL WHERE id = 2");
    await carryOut(bench, until("backfill"));
    const rows = await bench.session().query("SELECT `A b` AS v FROM filled ORDER BY id");
    expect(rows.map((r) => r.v)).toEqual(["n5", "n5", "n7"]);
    await takeBack(bench, until("expand"));
    expect(await tableText(bench, "filled")).toBe(original);
    await carryOut(bench, steps);
    expect(await tableText(bench, "filled")).toContain("NOT NULL");
    await expect(bench.sql("UPDATE filled SET `A b` = NULL WHERE id = 1")).rejects.toThrow(/null/);
    await takeBack(bench, steps);
    expect(await tableText(bench, "filled")).toBe(original);
  });

  it.each([
    ["enum('a','b') NOT NULL DEFAULT 'a'", "enum('a','b','c') NOT NULL DEFAULT 'c'"],
    ["varchar(20) NOT NULL", "varchar(40) NOT NULL DEFAULT 'x'"],
    ["varchar(20) DEFAULT 'it''s'", "varchar(40) DEFAULT 'y'"],
  ])("gives the default of %s back where the type stays %s", async (was, becomes) => {
    await bench.sql("DROP TABLE IF EXISTS kept", `CREATE TABLE kept (id int PRIMARY KEY, a ${was})`);
    const original = await tableText(bench, "kept");
    const { steps, leaves } = await planFile(bench, `ALTER TABLE kept MODIFY a ${becomes};`);
    expect(steps[0]?.undoLeaves).toBe(leaves === undefined ? undefined : true);
    await carryOut(bench, steps);
    await takeBack(bench, steps);
    const wider = original.replace("'a','b'", "'a','b','c'").replace("varchar(20)", "varchar(40)");
    expect([original, wider]).toContain(await tableText(bench, "kept"));
    expect(leaves ?? ["but for its default"]).toContainEqual(expect.stringContaining("but for its default"));
  });

  it("gives old code's rows what the file's own UPDATE gives a column that it adds", async () => {
    await bench.sql("CREATE TABLE own (id int AUTO_INCREMENT PRIMARY KEY, a int)", "INSERT INTO own (a) VALUES (1)");
    const file = (update: string) =>
      `ALTER TABLE own ADD COLUMN s int;\n${update}\nALTER TABLE own MODIFY s int NOT NULL;`;
    const { steps, notes } = await planFile(
      bench,
      file("UPDATE own SET a = a, S = own.a + ABS(-1) WHERE (s IS NULL);"),
    );
    expect(notes).toContainEqual(expect.stringContaining("Old code leaves s out, and gets own.a + ABS(-1) there"));
    expect(steps.map((s) => s.id)).toContain("3-fill-insert");
    await carryOut(
      bench,
      steps.filter((s) => s.phase === "expand"),
    );
    await bench.sql("INSERT INTO own (a) VALUES (7)");
    await carryOut(bench, steps);
    const rows = await bench.session().query("SELECT s FROM own ORDER BY id");
    expect(rows.map((r) => r.s)).toEqual([2, 8]);
    await bench.sql("ALTER TABLE own DROP COLUMN s");
    for (const [update, why] of [
      ["", "no UPDATE of this file"],
      ["UPDATE own SET s = 1 WHERE a = 1;", "not all rows"],
      ["UPDATE own SET s = 1 LIMIT 5;", "not all rows"],
      ["UPDATE own SET s = FLOOR(RAND() * 5);", "calls RAND()"],
      ["UPDATE own SET s = id;", "AUTO_INCREMENT"],
      ["UPDATE own SET s = (SELECT 1);", "SELECT"],
      ["UPDATE own SET s = 1; UPDATE own SET s = 2;", "more than one statement"],
    ] as const) {
      const { refusals } = await planText(bench, file(update));
      expect(refusals.map((r) => r.reason).join()).toContain(why);
    }
  });

  it("lets old code write where the fill does not fit, and finds those rows", async () => {
    await bench.sql("CREATE TABLE unfit (id int PRIMARY KEY, a int, t varchar(9))");
    const { steps } = await planFile(bench, "-- zmigrate:fill t\nALTER TABLE unfit MODIFY a int NOT NULL;");
    await carryOut(
      bench,
      steps.filter((s) => s.phase === "expand"),
    );
    await bench.sql("INSERT INTO unfit (id, t) VALUES (1, '12'), (2, 'many')");
    await expect(
      carryOut(
        bench,
        steps.filter((s) => s.kind === "verify"),
      ),
    ).rejects.toThrow("rows differ: 2");
  });

  it("makes one in expand of a CHANGE that only renames, and nothing of one that changes nothing", async () => {
    await bench.sql("CREATE TABLE named (id int PRIMARY KEY, a int NOT NULL DEFAULT 5 COMMENT 'x')");
    const plan = await planFile(bench, "ALTER TABLE named CHANGE a b int NOT NULL DEFAULT '5' COMMENT 'x';");
    expect(plan.retires).toMatchObject([{ column: "a", replacement: "b" }]);
    const none = await planFile(bench, "ALTER TABLE named MODIFY a INTEGER DEFAULT 5 NOT NULL COMMENT 'x';");
    expect(none.steps).toEqual([]);
  });

  it("takes a column with a moment for its default back, where the server shows which", async () => {
    const moment = "timestamp NOT NULL DEFAULT '2020-01-01 00:00:00'";
    await bench.sql(`CREATE TABLE untold (id int PRIMARY KEY, a ${moment}, b binary(2) DEFAULT x'6100')`);
    const { leaves } = await planFile(bench, `ALTER TABLE untold MODIFY a ${moment} COMMENT 'x';`);
    const bytes = await planFile(bench, "ALTER TABLE untold MODIFY b binary(2) DEFAULT x'6100' COMMENT 'x';");
    expect(bytes.leaves).toEqual([expect.stringContaining("does not show the default of binary")]);
    if (bench.dialect === "mysql") {
      expect(leaves).toEqual([expect.stringContaining("does not show the default of timestamp")]);
      return;
    }
    // Whatever the time zone in which it was written.
    await bench.sql("SET time_zone = '+05:00'");
    await bench.sql(`ALTER TABLE untold MODIFY a ${moment}`);
    await bench.sql("SET time_zone = '+00:00'");
    const zoned = await planFile(
      bench,
      "ALTER TABLE untold MODIFY a timestamp NOT NULL DEFAULT '2019-12-31 19:00:00' INVISIBLE;",
    );
    expect([leaves, zoned.leaves]).toEqual([undefined, undefined]);
    for (const step of zoned.steps) for (const sql of [...step.sql, ...step.undo]) await bench.sql(sql);
    await bench.sql("INSERT INTO untold (id) VALUES (1)");
    const [row] = await bench.session().query("SELECT UNIX_TIMESTAMP(a) AS at FROM untold");
    expect(Number(row?.at)).toBe(Date.UTC(2019, 11, 31, 19) / 1000);
  });

  const refusals: readonly (readonly [columns: string, change: string, says: string])[] = [
    ["a int NOT NULL DEFAULT 5 COMMENT 'x'", "MODIFY a int", "does not repeat NOT NULL, DEFAULT 5, COMMENT 'x'"],
    ["a int", "CHANGE a b int NOT NULL", "another name, and another not-null"],
    ["a int", "MODIFY a int UNIQUE", "makes a key"],
    ["a int", "MODIFY a int CHECK (a > 0)", "brings a CHECK"],
    ["x int, a int AS (x + 1) VIRTUAL", "MODIFY a int AS (x + 2) VIRTUAL", "how r4.a is computed"],
    ...(bench.dialect === "mysql"
      ? []
      : ([
          ["a longtext", "MODIFY a json", "brings a CHECK"],
          ["a int NOT NULL", "MODIFY a int NOT NULL INVISIBLE", "error 4108"],
        ] as const)),
  ];
  for (const [index, [columns, change, says]] of refusals.entries())
    it(`refuses ${change} of ${columns}`, async () => {
      await bench.sql(`CREATE TABLE r${index} (id int PRIMARY KEY, ${columns})`);
      expect((await refusalOf(bench, `ALTER TABLE r${index} ${change};`)).reason).toContain(says);
    });

  const fills: readonly (readonly [fill: string, says: string])[] = [
    ["lower(", "no expression"],
    ["(SELECT 1)", "a SELECT in it"],
    ["nowhere", "no such column"],
    ["a", "names a itself"],
    ["id + 1", "AUTO_INCREMENT"],
    ["MAX(n)", "several rows"],
  ];
  it("lets a column that it changes in place be written, indexed, renamed and dropped behind it, and no other one", async () => {
    await bench.sql("CREATE TABLE inplace (id int PRIMARY KEY, v varchar(20) NOT NULL, n int)");
    const behind = async (change: string, statement: string) =>
      (await planText(bench, `ALTER TABLE inplace MODIFY ${change}; ${statement};`)).refusals
        .map((r) => r.reason)
        .join();
    const longer = "v varchar(30) NOT NULL";
    for (const statement of [
      "UPDATE inplace SET v = 'x'",
      "CREATE INDEX i ON inplace (v)",
      "ALTER TABLE inplace DROP v",
      "ALTER TABLE inplace RENAME COLUMN v TO w",
    ])
      expect(await behind(longer, statement), statement).toBe("");
    expect(await behind("n bigint", "UPDATE inplace SET n = 1")).toContain("already changes the type of n");
  });

  it("refuses a fill that would fail every writer", async () => {
    await bench.sql("CREATE TABLE badfill (id int AUTO_INCREMENT PRIMARY KEY, a int, n int)");
    for (const [fill, says] of fills)
      expect(
        (await refusalOf(bench, `-- zmigrate:fill ${fill}\nALTER TABLE badfill MODIFY a int NOT NULL;`)).reason,
      ).toContain(says);
  });

  it("changes a table of its own release as it is written", async () => {
    const { plan } = await planText(
      bench,
      "CREATE TABLE ours (id int PRIMARY KEY, a int); ALTER TABLE ours CHANGE a b bigint NOT NULL AFTER id;",
    );
    await carryOut(bench, plan?.steps ?? []);
    expect(await tableText(bench, "ours")).toMatch(/`b` bigint(?:\(20\))? NOT NULL/);
  });
});
