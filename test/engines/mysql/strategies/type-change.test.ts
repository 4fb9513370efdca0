import { expect, it } from "vitest";
import { type Bench, describeDialects } from "../support/database.js";
import { planFile, refusalOf } from "../support/file.js";
import { carryOut, tableText, takeBack } from "../support/plan.js";

/** What the column is and becomes, values that are there, and what an old and a new client write. */
interface Case {
  readonly was: string;
  readonly becomes: string;
  readonly keys?: string;
  readonly values: readonly string[];
  readonly old: string;
  readonly fresh: string;
  readonly directives?: string;
}

const CASES: readonly Case[] = [
  {
    was: "int NOT NULL DEFAULT 5 COMMENT 'c'",
    becomes: "bigint NOT NULL DEFAULT 6 COMMENT 'c'",
    keys: "KEY ka (a, z), UNIQUE KEY ua (a)",
    values: ["1", "2147483647"],
    old: "77",
    fresh: "5000000000",
  },
  {
    was: "varchar(20)",
    becomes: "int",
    keys: "KEY ka (a)",
    values: ["'1'", "NULL", "' 22'"],
    old: "'0033'",
    fresh: "44",
  },
  {
    was: "varchar(20) NOT NULL",
    becomes: "decimal(10,2) NOT NULL",
    values: ["'1.25'", "'1e2'"],
    old: "'3.14159'",
    fresh: "9.99",
  },
  { was: "decimal(10,4)", becomes: "decimal(10,2)", values: ["1.2345", "-1.005"], old: "2.0005", fresh: "7.5" },
  {
    was: "varchar(40) CHARACTER SET latin1",
    becomes: "varchar(40) CHARACTER SET utf8mb4",
    keys: "KEY ka (a(9) DESC)",
    values: ["'Köln'"],
    old: "'Zürich '",
    fresh: "'東京'",
  },
  { was: "enum('x','y','z')", becomes: "enum('z','x','y','w')", values: ["'x'", "'z'"], old: "'y'", fresh: "'w'" },
  {
    was: "set('x','y','z')",
    becomes: "set('z','x','y','w')",
    values: ["'x,y'", "''", "NULL"],
    old: "'y,z'",
    fresh: "'x,w'",
  },
  { was: "varchar(20)", becomes: "enum('active','x')", values: ["'Active'", "'x '"], old: "'ACTIVE'", fresh: "'x'" },
  {
    was: "varchar(20)",
    becomes: "set('a','b''s')",
    values: ["'b''s,a'", "'A,a'", "''"],
    old: "'a'",
    fresh: "'a,b''s'",
  },
  {
    was: "int(5) zerofill",
    becomes: "varchar(20)",
    values: ["5", "NULL"],
    old: "123456",
    fresh: "'00007'",
    directives: "-- zmigrate:up LPAD(t.a, GREATEST(5, LENGTH(t.a)), '0')\n",
  },
  {
    was: "float",
    becomes: "varchar(30)",
    values: ["1.1", "-0.5", "NULL"],
    old: "3.25",
    fresh: "'7'",
    directives: "-- zmigrate:up CAST(t.a AS CHAR)\n",
  },
  {
    was: "datetime NOT NULL",
    becomes: "datetime(6) NOT NULL",
    values: ["'2020-01-01 00:00:00'"],
    old: "'2021-01-01 10:00:00'",
    fresh: "'2022-01-01 10:00:00.123456'",
  },
  {
    was: "varchar(10) NOT NULL",
    becomes: "text NOT NULL",
    values: ["'a '", "''"],
    old: "'b'",
    fresh: "REPEAT('x', 300)",
  },
  { was: "int", becomes: "varchar(20)", values: ["1", "NULL"], old: "-5", fresh: "'many'" },
  {
    was: "int COMMENT 'cents'",
    becomes: "decimal(12,2) COMMENT 'euros'",
    values: ["150", "NULL"],
    old: "299",
    fresh: "3.5",
    directives: "-- zmigrate:up t.a / 100\n-- zmigrate:down ROUND(a * 100)\n",
  },
];

async function values(bench: Bench, table: string): Promise<string[]> {
  const rows = await bench.session().query<{ v: unknown }>(`SELECT CAST(a AS CHAR) AS v FROM ${table} ORDER BY id`);
  return rows.map((r) => String(r.v));
}

describeDialects("retype", (bench) => {
  for (const [index, { was, becomes, keys, values: there, old, fresh, directives }] of CASES.entries())
    it(`makes ${becomes} of ${was} through a second column, and takes it back at every point`, async () => {
      const [table, plain] = [`t${index}`, `plain${index}`];
      const rows = there.map((v, n) => `(${n + 1}, ${v})`).join();
      for (const name of [table, plain])
        await bench.sql(
          `CREATE TABLE ${name} (id int PRIMARY KEY, a ${was}, z int ${keys === undefined ? "" : `, ${keys}`})`,
          `INSERT INTO ${name} (id, a) VALUES ${rows}`,
        );
      const original = await tableText(bench, table);
      const before = await values(bench, table);
      const said = (directives ?? "").replaceAll("t.a", `${table}.a`);
      const { steps } = await planFile(bench, `${said}ALTER TABLE ${table} MODIFY a ${becomes};`);
      const [expand, backfill, swap] = [
        steps.filter((s) => s.phase === "expand"),
        steps.filter((s) => s.phase === "backfill"),
        steps.filter((s) => s.stage === "swap"),
      ];
      await carryOut(bench, expand);
      await bench.sql(`INSERT INTO ${table} (id, a) VALUES (100, ${old})`);
      await takeBack(bench, expand);
      expect(await tableText(bench, table)).toBe(original);
      await carryOut(bench, [...expand, ...backfill]);
      await bench.sql(`UPDATE ${table} SET z = 1`, `UPDATE ${table} SET a = ${old} WHERE id = 100`);
      await carryOut(bench, swap);
      await bench.sql(`INSERT INTO ${table} (id, a) VALUES (101, ${fresh})`, `UPDATE ${table} SET z = 2`);
      await takeBack(bench, [...expand, ...backfill, ...swap]);
      expect(await tableText(bench, table)).toBe(original);
      expect((await values(bench, table)).slice(0, there.length)).toEqual(before);
      await bench.sql(`DELETE FROM ${table} WHERE id = 101`);
      await carryOut(bench, steps);
      await bench.sql(
        `INSERT INTO ${plain} (id, a) VALUES (100, ${old})`,
        ...(!becomes.startsWith("decimal(12")
          ? []
          : [`ALTER TABLE ${plain} MODIFY a decimal(20,2)`, `UPDATE ${plain} SET a = a / 100`]),
        `ALTER TABLE ${plain} MODIFY a ${becomes}`,
      );
      expect(await tableText(bench, table)).toBe((await tableText(bench, plain)).replace(plain, table));
      expect(await values(bench, table)).toEqual(await values(bench, plain));
      await bench.sql(`INSERT INTO ${table} (id, a) VALUES (101, ${fresh})`);
    });

  it.each([
    ["the fill", "-- zmigrate:fill z + 1\nALTER TABLE strict MODIFY a bigint NOT NULL DEFAULT 4;", [null, "5", null]],
    [
      "what the file's UPDATE gives",
      "ALTER TABLE strict ADD s int; UPDATE strict SET s = z + 1; ALTER TABLE strict CHANGE s s varchar(9) NOT NULL;",
      null,
    ],
  ])("makes %s of NULL where NOT NULL comes with another type", async (_, file, kept) => {
    await bench.sql(
      "DROP TABLE IF EXISTS strict",
      "CREATE TABLE strict (id int PRIMARY KEY, a int, z int, KEY (a))",
      "INSERT INTO strict VALUES (1, NULL, 1), (2, 5, 4)",
    );
    const original = await tableText(bench, "strict");
    const { steps } = await planFile(bench, file);
    const of = (phase: string) => steps.filter((s) => (s.stage ?? s.phase) === phase);
    await carryOut(bench, [...of("expand"), ...of("backfill")]);
    await bench.sql("INSERT INTO strict (id, z) VALUES (3, 6)");
    await carryOut(bench, of("swap"));
    const column = kept === null ? "s" : "a";
    const rows = () =>
      bench.session().query<{ v: unknown }>(`SELECT CAST(${column} AS CHAR) AS v FROM strict ORDER BY id`);
    expect((await rows()).map((r) => r.v)).toEqual(["2", "5", "7"]);
    await expect(bench.sql(`UPDATE strict SET ${column} = NULL`)).rejects.toThrow(/null/);
    await takeBack(bench, [...of("expand"), ...of("backfill"), ...of("swap")]);
    expect(await tableText(bench, "strict")).toBe(original);
    if (kept !== null) expect((await rows()).map((r) => r.v)).toEqual(kept);
    await carryOut(bench, steps);
    expect(await tableText(bench, "strict")).toMatch(
      /`(?:a` bigint(?:\(20\))? NOT NULL DEFAULT '?4'?|s` varchar\(9\) .*NOT NULL)/,
    );
  });

  it("counts NULLs that nothing is said of where NOT NULL comes with another type", async () => {
    await bench.sql("CREATE TABLE nulls (id int PRIMARY KEY, a int)", "INSERT INTO nulls VALUES (1, 1)");
    const { steps } = await planFile(bench, "ALTER TABLE nulls MODIFY a bigint NOT NULL;");
    const [expand, backfill] = ["expand", "backfill"].map((phase) => steps.filter((s) => s.phase === phase));
    await carryOut(bench, expand ?? []);
    await bench.sql("INSERT INTO nulls (id) VALUES (2)");
    await expect(carryOut(bench, backfill ?? [])).rejects.toThrow("rows differ: 2");
    await bench.sql("UPDATE nulls SET a = 2");
    await carryOut(bench, steps);
    expect(await tableText(bench, "nulls")).toMatch(/`a` bigint(?:\(20\))? NOT NULL/);
    const added = "ALTER TABLE nulls ADD s int; ALTER TABLE nulls MODIFY s varchar(9) NOT NULL;";
    expect((await refusalOf(bench, added)).reason).toContain("no UPDATE of this file");
  });

  it("stops at a value that does not fit, and lets its writer go on", async () => {
    await bench.sql("CREATE TABLE unfit (id int PRIMARY KEY, a varchar(9))", "INSERT INTO unfit VALUES (1, '1')");
    const { steps } = await planFile(bench, "ALTER TABLE unfit MODIFY a int;");
    await carryOut(
      bench,
      steps.filter((s) => s.phase === "expand"),
    );
    await bench.sql("INSERT INTO unfit (id, a) VALUES (2, 'many')");
    const work = (kind: string) =>
      carryOut(
        bench,
        steps.filter((s) => s.kind === kind && s.phase === "backfill"),
      );
    await expect(work("verify")).rejects.toThrow(/rows differ: 1; 2|rows differ: 2/);
    await expect(work("backfill")).rejects.toMatchObject({ errno: expect.any(Number) });
    await bench.sql("UPDATE unfit SET a = '7' WHERE id = 2");
    await work("backfill");
    await work("verify");
  });

  it("lets new code write while the triggers are gone and the parked column is still there", async () => {
    // MariaDB's JSON is a text with a CHECK, which the new definition would have to repeat.
    for (const type of ["int", "text", ...(bench.dialect === "mysql" ? ["json"] : [])]) {
      await bench.sql(`CREATE TABLE between_${type} (id int PRIMARY KEY, a ${type} NOT NULL)`);
      const becomes = type === "int" ? "bigint" : type === "text" ? "varchar(9)" : "varchar(90)";
      const { steps } = await planFile(bench, `ALTER TABLE between_${type} MODIFY a ${becomes} NOT NULL;`);
      await carryOut(bench, steps.slice(0, -1));
      for (const drop of steps.at(-1)?.sql.slice(0, -1) ?? []) await bench.sql(drop);
      await bench.sql(`INSERT INTO between_${type} (id, a) VALUES (1, '7')`);
      await carryOut(bench, steps.slice(-1));
    }
  });

  it("takes the triggers away, which fail every write, where somebody has dropped the parked column", async () => {
    for (const [type, becomes] of [
      ["int", "bigint"],
      ["date", "datetime"],
    ] as const) {
      const table = `gone_${type}`;
      await bench.sql(`CREATE TABLE ${table} (id int PRIMARY KEY, a ${type} NOT NULL)`);
      const { steps } = await planFile(bench, `ALTER TABLE ${table} MODIFY a ${becomes} NOT NULL;`);
      await carryOut(
        bench,
        steps.filter((s) => s.stage !== "drop"),
      );
      const parked = /`(zmigrate_dropped_[^`]+)`/.exec(await tableText(bench, table))?.[1];
      await bench.sql(`ALTER TABLE ${table} DROP COLUMN ${parked}`);
      // The last statement drops what is gone: the runner then asks the probe.
      const drop = carryOut(
        bench,
        steps.filter((s) => s.stage === "drop"),
      );
      await expect(drop, type).rejects.toThrow(/Can't DROP/);
      await bench.sql(`INSERT INTO ${table} (id, a) VALUES (1, '20200101')`);
    }
  });

  it("knows which rows a rollback would lose", async () => {
    await bench.sql("CREATE TABLE lossy (id int PRIMARY KEY, a int)", "INSERT INTO lossy VALUES (1, 1)");
    const { steps } = await planFile(bench, "ALTER TABLE lossy MODIFY a bigint;");
    await carryOut(
      bench,
      steps.filter((s) => s.stage !== "drop"),
    );
    await bench.sql("INSERT INTO lossy (id, a) VALUES (2, 7), (3, 5000000000)");
    const { adds } = steps.find((s) => s.adds !== undefined) ?? {};
    expect(adds).toMatchObject({ column: "a", stays: true });
    expect(await bench.session().query(`SELECT id FROM lossy WHERE ${adds?.written}`)).toEqual([{ id: 3 }]);
  });

  it.each(["enum", "set"])(
    "knows which members of %s a rollback would lose, where the column may be NULL",
    async (type) => {
      await bench.sql(
        `CREATE TABLE of_${type} (id int PRIMARY KEY, a ${type}('x','y'))`,
        `INSERT INTO of_${type} VALUES (1, 'x')`,
      );
      const { steps } = await planFile(bench, `ALTER TABLE of_${type} MODIFY a ${type}('q','y','x');`);
      await carryOut(
        bench,
        steps.filter((s) => s.stage !== "drop"),
      );
      await bench.sql(`INSERT INTO of_${type} (id, a) VALUES (2, 'q'), (3, NULL), (4, 'y')`);
      const { adds } = steps.find((s) => s.adds !== undefined) ?? {};
      expect(await bench.session().query(`SELECT id FROM of_${type} WHERE ${adds?.written}`)).toEqual([{ id: 2 }]);
    },
  );

  it("changes one column of an index at a time", async () => {
    await bench.sql("CREATE TABLE shared (id int PRIMARY KEY, a int, b int, KEY both_of (a, b))");
    const both = "ALTER TABLE shared MODIFY a bigint;\nALTER TABLE shared MODIFY b bigint;";
    expect((await refusalOf(bench, both)).reason).toContain("both_of is over a, b");
    const { steps } = await planFile(bench, "ALTER TABLE shared MODIFY a bigint;");
    await carryOut(
      bench,
      steps.filter((s) => s.phase !== "contract"),
    );
    expect((await refusalOf(bench, "ALTER TABLE shared MODIFY b bigint;")).reason).toContain("under way");
  });

  const leftOut: readonly (readonly [was: string, becomes: string, up: string])[] = [
    ["decimal(5,2) NOT NULL", "varchar(20) NOT NULL", ""],
    ["enum('p','q') NOT NULL", "varchar(5) NOT NULL", ""],
    ["varchar(9) CHARACTER SET utf8mb3 NOT NULL", "varchar(9) CHARACTER SET latin1 NOT NULL", ""],
    ["bit(2) NOT NULL", "int NOT NULL", "-- zmigrate:up a + b + 1\n-- zmigrate:down a - b - 1\n"],
    ["year NOT NULL", "int NOT NULL", ""],
    ["date NOT NULL", "varchar(30) NOT NULL", ""],
  ];
  it("converts what the server stores where a writer that is not strict leaves the column out, or makes it NULL", async () => {
    for (const [n, [was, becomes, up]] of leftOut.entries()) {
      const table = `left_out_${n}`;
      await bench.sql(`CREATE TABLE ${table} (id int PRIMARY KEY, a ${was}, b decimal(4,1) NOT NULL)`);
      const { steps } = await planFile(bench, `${up}ALTER TABLE ${table} MODIFY a ${becomes};`);
      await carryOut(
        bench,
        steps.filter((s) => s.phase === "expand"),
      );
      await bench.sql(
        "SET SESSION sql_mode = 'STRICT_TRANS_TABLES'",
        `INSERT IGNORE INTO ${table} (id) VALUES (1)`,
        "SET SESSION sql_mode = ''",
        `INSERT INTO ${table} (id) VALUES (2), (3)`,
        `INSERT INTO ${table} (id, a) VALUES (4, 1)`,
        ...(was.startsWith("enum") ? [] : [`UPDATE ${table} SET a = NULL WHERE id = 3`]),
      );
      // Nothing is left to the backfill.
      await carryOut(
        bench,
        steps.filter((s) => s.kind === "verify" && s.phase === "backfill"),
      );
    }
  }, 60_000);

  const refusals: readonly (readonly [columns: string, becomes: string, says: string])[] = [
    ["a int PRIMARY KEY", "bigint NOT NULL", "primary key"],
    ["id int PRIMARY KEY, a int, CHECK (a > 0)", "bigint", "CHECK"],
    ["id int PRIMARY KEY, a int, g int AS (a + 1) STORED", "bigint", "generated column g"],
    [
      "id int PRIMARY KEY, a int REFERENCES parent (id), FOREIGN KEY (a) REFERENCES parent (id)",
      "bigint",
      "foreign key",
    ],
    ["id int PRIMARY KEY, a varchar(9), KEY (a)", "text", "needs a length"],
    ["id int PRIMARY KEY, a int(5) zerofill", "char(9)", "by assigning it"],
    ["id int PRIMARY KEY, a float", "varchar(20)", "by assigning it"],
    ["id int PRIMARY KEY, a bit(8)", "text", "by assigning it"],
    ["id int PRIMARY KEY, a int, t text, FULLTEXT (t)", "bigint", "FULLTEXT"],
    ["id int PRIMARY KEY, a datetime ON UPDATE NOW()", "datetime(3) ON UPDATE NOW(3)", "ON UPDATE"],
  ];
  it("refuses what a second column cannot take over, with the commands that can", async () => {
    await bench.sql("CREATE TABLE parent (id int PRIMARY KEY)");
    for (const [n, [columns, becomes, says]] of refusals.entries()) {
      await bench.sql(`CREATE TABLE r${n} (${columns.replace(" REFERENCES parent (id),", ",")})`);
      const { reason, help } = await refusalOf(bench, `ALTER TABLE r${n} MODIFY a ${becomes};`);
      expect(reason.replace("would need a length", "needs a length")).toContain(says);
      if (!/at once|length|assigning/.test(reason)) expect(help).toContain(`pt-online-schema-change --host=HOST`);
    }
  });

  it("says that a unique key stands behind the others from the swap on, where there are others", async () => {
    await bench.sql(
      "CREATE TABLE u (id int PRIMARY KEY, b int, c int, d int, UNIQUE KEY ub (b), UNIQUE KEY uc (c))",
      "CREATE TABLE one (id int PRIMARY KEY, b int, UNIQUE KEY ub (b))",
    );
    const said = async (sql: string) => (await planFile(bench, sql)).notes.filter((n) => n.includes("ON DUPLICATE"));
    expect(await said("ALTER TABLE u MODIFY b bigint;")).toEqual([expect.stringContaining("ub is made anew")]);
    expect(await said("ALTER TABLE u MODIFY d bigint;")).toEqual([]);
    expect(await said("ALTER TABLE one MODIFY b bigint;")).toEqual([]);
  });

  it("leaves a key that stands in for a primary key to other tools on MySQL, which does not drop it in place", async () => {
    const keys = [
      "b int NOT NULL, UNIQUE KEY ub (b)",
      "b int NOT NULL, c int NOT NULL, UNIQUE KEY ub (b), UNIQUE KEY uc (c)",
    ];
    for (const [n, columns] of keys.entries()) {
      await bench.sql(
        `CREATE TABLE k${n} (${columns})`,
        `INSERT INTO k${n} (b${n === 0 ? "" : ", c"}) VALUES (1${n === 0 ? "" : ", 1"})`,
      );
      const change = `ALTER TABLE k${n} MODIFY b bigint NOT NULL;`;
      if (bench.dialect === "mysql") {
        expect((await refusalOf(bench, change)).reason).toContain("in the place of which ub may stand");
        continue;
      }
      const { steps } = await planFile(bench, change);
      await carryOut(bench, steps);
      expect(await tableText(bench, `k${n}`)).toContain("`b` bigint(20) NOT NULL");
    }
  });
});
